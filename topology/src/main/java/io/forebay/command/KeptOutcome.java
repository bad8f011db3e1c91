package io.forebay.command;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An outcome as it is kept in the store for its request id.
 *
 * @param time log time at which it was decided
 * @param fingerprint SHA-256 of the command, to tell a retry from another command under the same id
 * @param outcome what was decided
 */
@SuppressWarnings("ArrayRecordComponent") // compared by isOf
record KeptOutcome(long time, byte[] fingerprint, Outcome outcome) {

    private static final int FINGERPRINT_BYTES = 32;

    /** Magic byte and schema id in front of the Avro payload: the same command may come back under a newer schema id. */
    private static final int WIRE_HEADER_BYTES = 5;

    static byte[] fingerprint(byte[] key, byte[] value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            digest.update((byte) 0);
            int from = Math.min(WIRE_HEADER_BYTES, value.length);
            digest.update(value, from, value.length - from);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    boolean isOf(byte[] otherFingerprint) {
        return MessageDigest.isEqual(fingerprint, otherFingerprint);
    }

    byte[] encode() {
        byte[] encoded = outcome.encode();
        return ByteBuffer.allocate(8 + FINGERPRINT_BYTES + encoded.length)
                .putLong(time)
                .put(fingerprint)
                .put(encoded)
                .array();
    }

    static KeptOutcome decode(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long time = buffer.getLong();
        byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        buffer.get(fingerprint);
        return new KeptOutcome(time, fingerprint, Outcome.decode(buffer));
    }

    static long time(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong();
    }
}
