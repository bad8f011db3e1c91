package io.forebay.presence.state;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A bulk write of a guild that took effect at one input record and is folded into the presences bit by bit.
 *
 * <p>A guild can have a million members, and no input record may take long. So a large bulk write only becomes visible
 * with its last record: its presences were staged before, and readers look through the guild's waves, in order, until
 * ticks have carried them over. A command that touches a presence carries over that presence first, so that its changes
 * are told in the order in which they happened.
 *
 * @param guild its guild
 * @param commit source offset at which it took effect
 * @param batch id of its staged presences
 * @param effect what it does to the guild
 * @param after greatest user id that is folded in already, null at the beginning
 */
@SuppressWarnings("ArrayRecordComponent") // known by its key
record Wave(
        long guild,
        long commit,
        byte[] batch,
        Effect effect,
        @Nullable Long after) {

    enum Effect {
        /** The staged presences replace those of the same users; others stay. */
        MERGE(1),
        /** The staged presences are the guild's whole set. */
        REPLACE(2),
        /** The staged presences are of a batch that never came to its end: they go, unseen. */
        DISCARD(3);

        private final byte code;

        Effect(int code) {
            this.code = (byte) code;
        }

        static Effect ofCode(byte code) {
            for (Effect effect : values()) {
                if (effect.code == code) {
                    return effect;
                }
            }
            throw new IllegalStateException("wave effect " + code + " is newer than this version");
        }
    }

    byte[] key() {
        return PresenceKeys.wave(guild, commit);
    }

    byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(2 + PresenceKeys.BATCH_BYTES + 8);
        buffer.put(effect.code).put(batch).put((byte) (after == null ? 0 : 1));
        buffer.putLong(after == null ? 0 : after);
        return buffer.array();
    }

    static Wave decode(byte[] key, byte[] payload) {
        ByteBuffer keyBuffer = ByteBuffer.wrap(key);
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        Effect effect = Effect.ofCode(buffer.get());
        byte[] batch = new byte[PresenceKeys.BATCH_BYTES];
        buffer.get(batch);
        boolean begun = buffer.get() == 1;
        long after = buffer.getLong();
        return new Wave(keyBuffer.getLong(1), keyBuffer.getLong(9), batch, effect, begun ? after : null);
    }

    Wave foldedUpTo(long user) {
        return new Wave(guild, commit, batch, effect, user);
    }

    /** Whether it changes what readers see. */
    boolean isVisible() {
        return effect != Effect.DISCARD;
    }

    /** Effect of this wave on one presence. */
    @Nullable
    StoredPresence apply(@Nullable StoredPresence current, @Nullable StoredPresence staged) {
        if (!isVisible() || (current != null && current.version() >= commit)) {
            return current;
        }
        if (staged != null) {
            return staged.withVersion(commit);
        }
        return effect == Effect.REPLACE ? null : current;
    }
}
