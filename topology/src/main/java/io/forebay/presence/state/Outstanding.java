package io.forebay.presence.state;

import io.forebay.command.Decision;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the visible waves of a guild are still to do to its counters, so that a guild is counted without being gone
 * through, however large a bulk write is under way: the counters and what is outstanding add up to what readers see.
 *
 * <p>Each visible wave has a record of it, written when the wave becomes visible. Whenever a presence is carried through
 * the wave, the counters follow the presence and the record gives up as much; at the end of the wave it is all zero.
 *
 * <p>What a wave that merges will do follows from what its users have when it becomes visible. That is kept while its
 * chunks come ({@link OpenBatch}), save for one case: when another bulk write of the guild became visible in the middle,
 * which may have changed any of them. Such a wave has no record, and until it is folded its guild is counted one by one.
 */
final class Outstanding {

    private Outstanding() {}

    /** Notes what a wave that just became visible is going to do. */
    static void begin(Decision decision, Wave wave, StatusCounts change) {
        write(decision, wave, change);
    }

    /** Notes that one presence was carried through a wave. */
    static void carried(Decision decision, Wave wave, @Nullable StatusCode from, @Nullable StatusCode to) {
        StatusCounts change = from == to ? null : of(decision::get, wave);
        if (change != null) {
            write(decision, wave, change.moved(to, from));
        }
    }

    /** Ends with the wave. */
    static void end(Decision decision, Wave wave) {
        decision.delete(key(wave));
    }

    /** Sum over the visible waves of a guild; null when one of them is not known. */
    static @Nullable StatusCounts sum(Function<byte[], @Nullable Stored> records, Iterable<Wave> waves) {
        StatusCounts sum = StatusCounts.ZERO;
        for (Wave wave : waves) {
            if (wave.isVisible()) {
                StatusCounts change = of(records, wave);
                if (change == null) {
                    return null;
                }
                sum = sum.plus(change);
            }
        }
        return sum;
    }

    private static @Nullable StatusCounts of(Function<byte[], @Nullable Stored> records, Wave wave) {
        Stored stored = records.apply(key(wave));
        return stored == null ? null : StatusCounts.read(ByteBuffer.wrap(stored.payload()));
    }

    private static void write(Decision decision, Wave wave, StatusCounts change) {
        ByteBuffer buffer = ByteBuffer.allocate(StatusCounts.BYTES);
        change.write(buffer);
        decision.put(key(wave), buffer.array());
    }

    private static byte[] key(Wave wave) {
        return PresenceKeys.outstanding(wave.guild(), wave.commit());
    }
}
