package io.forebay.stream;

/**
 * Counters of the hub, all since the start except where they say "now".
 *
 * @param open streams served now
 * @param opened streams accepted
 * @param refused streams refused because the instance was full
 * @param disconnectedSlow streams ended because their reader did not keep up
 * @param mustRefetch times a reader was told to start over
 * @param messagesSent messages of every kind but heartbeats
 * @param catchUps rounds of reading older changes from a topic
 * @param undecodable sync records skipped because they could not be read
 * @param partitionsTailed sync partitions followed now
 * @param windowBytes bytes held in windows now
 * @param tailFailures times the tailing consumer failed and was made anew
 */
public record StreamStats(
        long open,
        long opened,
        long refused,
        long disconnectedSlow,
        long mustRefetch,
        long messagesSent,
        long catchUps,
        long undecodable,
        long partitionsTailed,
        long windowBytes,
        long tailFailures) {}
