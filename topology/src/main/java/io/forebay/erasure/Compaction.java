package io.forebay.erasure;

import io.forebay.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The compaction of a changelog, hastened.
 *
 * <p>A broker compacts what is not in the segment it appends to, when enough of it is out of date. Both are hastened by
 * settings of the topic, lowered for as long as it takes; and since a segment ends with the first append after its time is
 * up, something is appended now and then. What remains is up to the broker's cleaner, which looks around every 15 seconds
 * ({@code log.cleaner.backoff.ms}). Settings that delay removal of tombstones are left alone: a restore that is under way
 * relies on them. The settings: <a href="https://kafka.apache.org/documentation/#compaction">log compaction</a>.
 */
final class Compaction {

    private static final long LOOK_AGAIN_MS = 3_000;

    private static final Map<String, String> HASTENED = Map.of(
            TopicConfig.SEGMENT_MS_CONFIG, "1000",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0",
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0");

    private final Cluster cluster;
    private final TopicSpec changelog;
    private final Collection<AlterConfigOp> back;

    /**
     * Lowers settings until they are put back.
     *
     * @param hastened whether to; else the broker's own pace is waited for by nobody
     */
    Compaction(Cluster cluster, TopicSpec changelog, boolean hastened) throws InterruptedException {
        this.cluster = cluster;
        this.changelog = changelog;
        cluster.partitions(changelog.name());
        this.back = hastened ? cluster.set(changelog.name(), HASTENED) : List.of();
    }

    /** Has something appended to a partition of the changelog. */
    @FunctionalInterface
    interface Append {
        void to(int partition) throws InterruptedException;
    }

    /** Waits until the copies are gone, and tells the partitions that still have some. */
    Set<Integer> await(Copies copies, Duration patience, Append append) throws InterruptedException {
        Set<Integer> left = copies.partitions();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!back.isEmpty() && !left.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            for (int partition : left) {
                append.to(partition);
            }
            left = copies.partitions();
        }
        return left;
    }

    void putBack() throws InterruptedException {
        if (!back.isEmpty()) {
            cluster.alter(changelog.name(), back);
        }
    }
}
