package io.forebay.routing;

import io.forebay.schemas.position.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a read wants its answer.
 *
 * @param atLeast the position every store the read touches must have reached
 * @param timeout how long the read may wait for that, and for an owner to appear
 * @param maxStaleness when present, a standby may answer if its state misses nothing that was appended longer ago than this
 * @param allowPartial whether a scan may leave out partitions that nobody answers for; the result says which
 */
public record ReadOptions(
        Position atLeast, Duration timeout, @Nullable Duration maxStaleness, boolean allowPartial) {

    public ReadOptions {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + timeout);
        }
        if (maxStaleness != null && maxStaleness.isNegative()) {
            throw new IllegalArgumentException("maxStaleness must not be negative: " + maxStaleness);
        }
    }

    /** The owner's state as it is, whole or not at all. */
    public static ReadOptions within(Duration timeout) {
        return new ReadOptions(Position.empty(), timeout, null, false);
    }

    public ReadOptions atLeast(Position position) {
        return new ReadOptions(position, timeout, maxStaleness, allowPartial);
    }
}
