package io.forebay.erasure;

import io.forebay.erasure.ErasureReport.Remaining;
import io.forebay.schemas.topic.TopicSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** What topics still hold after an erasure. No copy is younger than the last command of it, so that is what times count from. */
final class Remains {

    private final Cluster cluster;
    private final Map<Integer, RecordMetadata> last;
    private final long at;
    private final List<Remaining> compacted = new ArrayList<>();
    private final List<Remaining> byAge = new ArrayList<>();
    private final Map<TopicPartition, Long> below = new HashMap<>();

    /** What is left after the last commands to each partition. */
    Remains(Cluster cluster, Map<Integer, RecordMetadata> last) {
        this.cluster = cluster;
        this.last = last;
        this.at = last.values().stream()
                .mapToLong(RecordMetadata::timestamp)
                .max()
                .orElseThrow();
    }

    /** A time that the command's topic says, so many milliseconds after the last command. */
    Instant after(long millis) {
        return Instant.ofEpochMilli(at + millis);
    }

    /**
     * Of the changelog that is compacted, where copies are left.
     *
     * @param what they are
     */
    void copies(TopicSpec changelog, String what, Set<Integer> partitions) throws InterruptedException {
        OptionalLong compaction = RetentionBound.compaction(cluster.properties(changelog.name()), at);
        compacted.add(new Remaining(
                changelog.name(),
                what + ", on partitions " + new TreeSet<>(partitions) + ", until the brokers compact them, "
                        + (compaction.isPresent()
                                ? "at the latest with the first record there after "
                                        + Instant.ofEpochMilli(compaction.getAsLong())
                                : "for which nothing sets a time"),
                null));
    }

    /** Of a topic from which nothing goes by age. */
    void forever(TopicSpec topic, String what) {
        compacted.add(new Remaining(topic.name(), what, null));
    }

    /** Of the topic of the commands. */
    void commands(TopicSpec input, String what) throws InterruptedException {
        last.forEach((partition, sent) -> below.put(new TopicPartition(input.name(), partition), sent.offset() + 1));
        byAge(input, what);
    }

    /** Of a topic with what was told, on the partitions of the commands. */
    void told(TopicSpec sync, String what) throws InterruptedException {
        below.putAll(cluster.ends(Cluster.of(sync.name(), last.keySet())));
        byAge(sync, what);
    }

    /** Of the dead letters. */
    void deadLetters(TopicSpec dead) throws InterruptedException {
        Collection<Integer> all =
                IntStream.range(0, cluster.partitions(dead.name())).boxed().toList();
        below.putAll(cluster.ends(Cluster.of(dead.name(), all)));
        byAge(dead, "commands that could not be used, if there were any");
    }

    private void byAge(TopicSpec topic, String what) throws InterruptedException {
        OptionalLong end =
                RetentionBound.latest(cluster.properties(topic.name()), at, cluster.retentionCheckIntervalMs());
        byAge.add(
                end.isPresent()
                        ? new Remaining(topic.name(), what, Instant.ofEpochMilli(end.getAsLong()))
                        : new Remaining(topic.name(), what + ", for which nothing sets an end", null));
    }

    /** Deletes the records that go by age up to the erasure, those of others included. */
    void deleteRecords() throws InterruptedException {
        cluster.deleteBefore(below);
        byAge.replaceAll(one -> new Remaining(
                one.topic(), "nothing that can be read up to the erasure; in files of the brokers", one.until()));
    }

    /** All of it: changelogs first, then the others as they were asked about. */
    List<Remaining> all() {
        List<Remaining> all = new ArrayList<>(compacted);
        all.addAll(byAge);
        return all;
    }
}
