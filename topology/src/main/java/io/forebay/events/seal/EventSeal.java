package io.forebay.events.seal;

import io.forebay.events.state.EventLog;
import io.forebay.events.state.EventValues;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SealedContent;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens what events hold, with AES-256-GCM (NIST SP 800-38D) under a key of the event's stream.
 *
 * <p>Every event has a random nonce of its own. Its version in the stream would be shorter, but is not used once only: an
 * append that was aborted leaves its ciphertext in the files of the brokers, and another one may take the version. Of random
 * nonces a key stands 2<sup>32</sup> events (8.3 there). The record key is authenticated, so that no ciphertext is taken for
 * that of another event.
 *
 * <p>Keys and nonces are drawn while a command is decided, and decided again they are others. Nobody can tell: what seals an
 * event is written in the transaction that the event is written in, and no outcome holds anything of either.
 *
 * <p>The type, the ids and the times stay in clear, for they are the record key and what indexes find events by.
 */
public final class EventSeal {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final EventValues values;
    private final SecureRandom random = new SecureRandom();

    /** A seal over values that are written and read so. */
    public EventSeal(EventValues values) {
        this.values = values;
    }

    /** Draws a key. */
    public ByteBuffer newKey() {
        return ByteBuffer.wrap(bytes(KEY_BYTES));
    }

    /**
     * Seals an event.
     *
     * @param event in clear
     * @param key of its stream, not destroyed
     */
    public RecordedEvent seal(RecordedEvent event, InstanceKey key) {
        byte[] plain = values.encode(new SealedContent(event.getData(), event.getContentType(), event.getMetadata()));
        byte[] nonce = bytes(NONCE_BYTES);
        ByteBuffer sealed = ByteBuffer.allocate(NONCE_BYTES + plain.length + TAG_BYTES);
        try {
            sealed.put(nonce);
            cipher(Cipher.ENCRYPT_MODE, key, nonce, event).doFinal(ByteBuffer.wrap(plain), sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every platform has " + CIPHER, e);
        }
        return RecordedEvent.newBuilder(event)
                .setSealedBy(key.getKeyVersion())
                .setData(sealed.flip())
                .setContentType(null)
                .setMetadata(null)
                .build();
    }

    /**
     * Opens an event, if it is sealed.
     *
     * @param key the key record of its stream, read at the event's position or later; null where there is none
     * @throws SealException if it is sealed, not erased, and the key does not open it
     */
    public OpenedEvent open(RecordedEvent event, @Nullable InstanceKey key) {
        Long sealedBy = event.getSealedBy();
        if (sealedBy == null) {
            return OpenedEvent.inClear(event);
        }
        if (key == null || key.getKeyVersion() < sealedBy) {
            throw new SealException(name(event) + " is sealed, and its stream has no such key");
        }
        if (key.getKeyVersion() > sealedBy || key.getKey() == null) {
            return new OpenedEvent(event, true);
        }
        SealedContent content = values.content(plain(event, key));
        return OpenedEvent.inClear(RecordedEvent.newBuilder(event)
                .setSealedBy(null)
                .setData(content.getData())
                .setContentType(content.getContentType())
                .setMetadata(content.getMetadata())
                .build());
    }

    private static byte[] plain(RecordedEvent event, InstanceKey key) {
        if (!(event.getData() instanceof ByteBuffer data) || data.remaining() < NONCE_BYTES + TAG_BYTES) {
            throw new SealException(name(event) + " is too short for a sealed one");
        }
        ByteBuffer sealed = data.duplicate();
        byte[] nonce = new byte[NONCE_BYTES];
        sealed.get(nonce);
        byte[] rest = new byte[sealed.remaining()];
        sealed.get(rest);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, event).doFinal(rest);
        } catch (AEADBadTagException e) {
            throw new SealException(name(event) + " was not sealed with the key that its stream has");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every platform has " + CIPHER, e);
        }
    }

    private static Cipher cipher(int mode, InstanceKey key, byte[] nonce, RecordedEvent event)
            throws GeneralSecurityException {
        byte[] secret = new byte[KEY_BYTES];
        key.getKey().duplicate().get(secret);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(EventLog.key(event.getDomain(), event.getInstanceId(), event.getStreamVersion()));
        return cipher;
    }

    /** Without the names of its stream, which may be somebody's. */
    private static String name(RecordedEvent event) {
        return "event " + event.getSequenceNumber() + " of partition "
                + event.getSource().getPartition();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
