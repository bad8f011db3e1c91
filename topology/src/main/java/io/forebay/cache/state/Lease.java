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
 * @param use what others are told meanwhile
 */
public record Lease(Path key, long offset, long until, long lifetime, String caller, Use use) {

    static final Comparator<Lease> BY_END =
            Comparator.comparingLong(Lease::until).thenComparing(Lease::key);

    /** What a lease is for. */
    public enum Use {
        /** There is no value that could be answered: others wait. */
        LOAD('L'),
        /** An older value is answered to those who take it. */
        REFRESH('R'),
        /** Nobody's: a refresh has failed, and those who take the older value do not try again before its end. */
        PAUSE('P');

        private final byte stored;

        Use(char stored) {
            this.stored = (byte) stored;
        }

        private static Use of(byte stored) {
            return stored == PAUSE.stored ? PAUSE : stored == REFRESH.stored ? REFRESH : LOAD;
        }
    }

    /** Whether somebody has it. */
    public boolean isHeld() {
        return use != Use.PAUSE;
    }

    /** What is left of a lease that was given up. */
    Lease paused(long end) {
        return new Lease(key, offset, end, lifetime, caller, Use.PAUSE);
    }

    byte[] encode() {
        byte[] name = caller.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(25 + name.length)
                .putLong(offset)
                .putLong(until)
                .putLong(lifetime)
                .put(use.stored)
                .put(name)
                .array();
    }

    static Lease decode(Path key, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long offset = buffer.getLong();
        long until = buffer.getLong();
        long lifetime = buffer.getLong();
        Use use = Use.of(buffer.get());
        byte[] name = new byte[buffer.remaining()];
        buffer.get(name);
        return new Lease(key, offset, until, lifetime, new String(name, StandardCharsets.UTF_8), use);
    }
}
