package io.forebay.sync.association;

import io.forebay.schemas.topic.TopicSpec;
import java.time.Duration;

/**
 * How much goes into one record, and how much one decision does before it leaves the rest to later ones.
 *
 * @param recordRows rows of one record
 * @param recordConcerned of one record, to places how many are concerned, to subscribers how many subscribers are
 * @param recordBytes bytes of either
 * @param decisionRows rows that one decision tells
 * @param decisionBytes bytes of them
 * @param decisionConcerned concerned that one decision tells
 * @param decisionChanges changes that one decision tells besides its own
 * @param decisionInterests interests that one decision looks at for a truncation
 * @param transactionWait log time for which the rest of a transaction is waited for, after each of its changes and once more
 */
record PlaceLimits(
        int recordRows,
        int recordConcerned,
        int recordBytes,
        int decisionRows,
        int decisionBytes,
        int decisionConcerned,
        int decisionChanges,
        int decisionInterests,
        Duration transactionWait) {

    private static final int MOST_RECORD_BYTES = 512 * 1024;

    /**
     * What is told: some hundredths of a second's work at the most.
     *
     * @param topic whichever of those written to takes the smallest records
     */
    static PlaceLimits of(TopicSpec topic, Duration transactionWait) {
        return new PlaceLimits(
                500,
                500,
                Math.min(MOST_RECORD_BYTES, topic.maxMessageBytes() / 4),
                5_000,
                4 << 20,
                20_000,
                100,
                5_000,
                transactionWait);
    }
}
