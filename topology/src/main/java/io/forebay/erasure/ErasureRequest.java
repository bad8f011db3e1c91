package io.forebay.erasure;

import java.time.Duration;

/**
 * How far an erasure is to go.
 *
 * @param compact whether the changelog is made to be compacted at once, for which its settings are lowered for a while
 * @param deleteRecords whether the records up to the erasure are deleted from the partitions concerned of the topics that
 *     keep them by age, those of others included
 * @param patience how long at the most for the decision, and as long again for the compaction
 */
public record ErasureRequest(boolean compact, boolean deleteRecords, Duration patience) {}
