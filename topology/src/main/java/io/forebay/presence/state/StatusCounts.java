package io.forebay.presence.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** How many presences have each status, or how these numbers change. Immutable. */
final class StatusCounts {

    static final int BYTES = StatusCode.values().length * Long.BYTES;

    static final StatusCounts ZERO = new StatusCounts(new long[StatusCode.values().length]);

    private final long[] counts;

    private StatusCounts(long[] counts) {
        this.counts = counts;
    }

    static StatusCounts of(ToLongFunction<StatusCode> count) {
        long[] counts = new long[ZERO.counts.length];
        for (StatusCode status : StatusCode.values()) {
            counts[slot(status)] = count.applyAsLong(status);
        }
        return new StatusCounts(counts);
    }

    static StatusCounts read(ByteBuffer buffer) {
        return of(status -> buffer.getLong());
    }

    void write(ByteBuffer buffer) {
        for (long count : counts) {
            buffer.putLong(count);
        }
    }

    long get(StatusCode status) {
        return counts[slot(status)];
    }

    /** These with one presence gone from a status, or from none where null, to another. */
    StatusCounts moved(@Nullable StatusCode from, @Nullable StatusCode to) {
        if (from == to) {
            return this;
        }
        long[] moved = counts.clone();
        if (from != null) {
            moved[slot(from)]--;
        }
        if (to != null) {
            moved[slot(to)]++;
        }
        return new StatusCounts(moved);
    }

    StatusCounts plus(StatusCounts others) {
        return of(status -> get(status) + others.get(status));
    }

    StatusCounts minus(StatusCounts others) {
        return of(status -> get(status) - others.get(status));
    }

    private static int slot(StatusCode status) {
        return status.code() - 1;
    }

    @Override
    public String toString() {
        return Arrays.toString(counts);
    }
}
