package io.forebay.command;

import java.time.Duration;

/**
 * How long outcomes are kept for retries.
 *
 * @param age an outcome older than this (in log time) is dropped; positive
 * @param maxEntries the oldest are dropped when a partition holds more than this; positive
 */
public record OutcomeRetention(Duration age, int maxEntries) {
    public OutcomeRetention {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age must be positive");
        }
        if (maxEntries <= 0) {
            throw new IllegalArgumentException("maxEntries must be positive");
        }
    }
}
