package io.forebay.cache.state;

import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * The right to fill an entry, of which there is one at a time.
 *
 * @param key the entry
 * @param offset of the command that it was given to: its token
 * @param until log time from which on another reader may have it
 * @param lifetime of that reader, in milliseconds; {@link Long#MAX_VALUE} when any age will do
 * @param caller who has it; empty for nobody in particular
 */
public record Lease(Path key, long offset, long until, long lifetime, String caller) {

    static final Comparator<Lease> BY_END =
            Comparator.comparingLong(Lease::until).thenComparing(Lease::key);

    byte[] encode() {
        byte[] name = caller.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(24 + name.length)
                .putLong(offset)
                .putLong(until)
                .putLong(lifetime)
                .put(name)
                .array();
    }

    static Lease decode(Path key, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long offset = buffer.getLong();
        long until = buffer.getLong();
        long lifetime = buffer.getLong();
        byte[] name = new byte[buffer.remaining()];
        buffer.get(name);
        return new Lease(key, offset, until, lifetime, new String(name, StandardCharsets.UTF_8));
    }
}
