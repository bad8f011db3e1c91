package io.forebay.erasure;

import io.forebay.command.KeptOutcomeRecord;
import io.forebay.command.Outcome;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Erases keys and says what is left.
 *
 * <p>A deletion is a command like any other. Its outcome stands in the store and so in the store's changelog, where it is
 * read: what is there as committed was decided, and nothing but the cluster has to be reachable. Every key is deleted by a
 * match that it alone meets, whose outcome says whether it was there.
 *
 * <p>From then on the changelog has tombstones, and a compaction removes the values before them. A broker compacts what is
 * not in the segment it appends to, when enough of it is out of date. Both are hastened by settings of the topic, lowered
 * for as long as it takes; and since a segment ends with the first append after its time is up, the deletion is sent again,
 * which changes no key and appends its outcome. What remains is up to the broker's cleaner, which looks around every 15
 * seconds ({@code log.cleaner.backoff.ms}). Settings that delay removal of the tombstones are left alone: a restore that is
 * under way relies on them. The settings: <a href="https://kafka.apache.org/documentation/#compaction">log compaction</a>.
 */
public final class KeyErasure {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long LOOK_AGAIN_MS = 3_000;
    private static final Pattern DELETED = Pattern.compile("\"deleted\":(\\d+)");

    private static final Map<String, String> HASTENED = Map.of(
            TopicConfig.SEGMENT_MS_CONFIG, "1000",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0",
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0");

    private final TopicCatalogue catalogue;
    private final TopicSpec changelog;
    private final Serializer<KeyCommand> commands;
    private final Cluster cluster;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> committed;
    private final Consumer<byte[], byte[]> uncommitted;

    /**
     * An erasure on a cluster. The clients stay the caller's to close.
     *
     * @param changelog of the keys' store
     * @param committed reads what is committed, in no group
     * @param uncommitted reads everything, in no group
     * @param timeout how long one request may take
     */
    public KeyErasure(
            TopicCatalogue catalogue,
            TopicSpec changelog,
            Serializer<KeyCommand> commands,
            Admin admin,
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> committed,
            Consumer<byte[], byte[]> uncommitted,
            Duration timeout) {
        this.catalogue = catalogue;
        this.changelog = changelog;
        this.commands = commands;
        this.cluster = new Cluster(admin, timeout);
        this.producer = producer;
        this.committed = committed;
        this.uncommitted = uncommitted;
    }

    private record Target(PathMatch match, boolean exact) {}

    private record Sent(Target target, int partition, RecordMetadata at) {}

    /**
     * Erases.
     *
     * @throws ErasureException when the deletion is refused, or not decided in time
     * @throws KafkaException when the cluster does not answer or refuses
     */
    public ErasureReport run(ErasureRequest request) throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        request.keys().forEach(key -> targets.add(new Target(PathMatch.exactly(key), true)));
        request.matches().forEach(match -> targets.add(new Target(match, false)));
        cluster.partitions(changelog.name());
        Collection<AlterConfigOp> back = request.compact() ? cluster.set(changelog.name(), HASTENED) : List.of();
        try {
            return erase(request, targets);
        } finally {
            if (!back.isEmpty()) {
                cluster.alter(changelog.name(), back);
            }
        }
    }

    private ErasureReport erase(ErasureRequest request, List<Target> targets) throws InterruptedException {
        Set<Integer> concerned = new TreeSet<>();
        targets.forEach(target -> concerned.addAll(partitions(target)));
        List<TopicPartition> logs = of(changelog.name(), concerned);
        committed.assign(logs);
        cluster.ends(logs).forEach(committed::seek);
        Map<String, Sent> sent = new LinkedHashMap<>();
        for (Target target : targets) {
            for (int partition : partitions(target)) {
                String requestId = "erase-" + UUID.randomUUID();
                sent.put(requestId, new Sent(target, partition, send(target, partition, requestId)));
            }
        }
        List<ErasureReport.Deleted> deleted = deleted(targets, sent, outcomes(sent, request.patience()));
        Copies copies =
                new Copies(uncommitted, targets.stream().map(Target::match).toList(), cluster.ends(logs));
        Map<Integer, RecordMetadata> last = new HashMap<>();
        sent.values().forEach(one -> last.put(one.partition(), one.at()));
        Set<Integer> left = copies.partitions();
        long deadline = System.nanoTime() + request.patience().toNanos();
        while (request.compact() && !left.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            for (int partition : left) {
                Target any = targets.stream()
                        .filter(target -> partitions(target).contains(partition))
                        .findFirst()
                        .orElseThrow();
                last.put(partition, send(any, partition, "erase-" + UUID.randomUUID()));
            }
            left = copies.partitions();
        }
        return new ErasureReport(deleted, remaining(request, last, left), left.isEmpty());
    }

    private Set<Integer> partitions(Target target) {
        TopicSpec keys = catalogue.keys();
        Set<Integer> all = new TreeSet<>();
        if (target.exact()) {
            all.add(keys.partitionFor(key(target)));
        } else {
            keys.partitionFor(target.match())
                    .ifPresentOrElse(
                            all::add,
                            () -> IntStream.range(0, keys.partitions()).forEach(all::add));
        }
        return all;
    }

    private static Path key(Target target) {
        return Path.of(target.match().literalPrefix());
    }

    private RecordMetadata send(Target target, int partition, String requestId) throws InterruptedException {
        String topic = catalogue.keys().name();
        byte[] key = target.exact() ? key(target).toBytes() : ReservedKeys.partition();
        byte[] value = commands.serialize(
                topic, new KeyCommand(new DeleteMatch(target.match().toString())));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, value);
        record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    private Map<String, Outcome> outcomes(Map<String, Sent> sent, Duration wait) {
        Map<String, Outcome> outcomes = new HashMap<>();
        long deadline = System.nanoTime() + wait.toNanos();
        while (outcomes.size() < sent.size()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ErasureException(
                        "the deletion was sent and is not decided after %d s; it will be when an instance runs keys"
                                .formatted(wait.toSeconds()));
            }
            for (ConsumerRecord<byte[], byte[]> record : committed.poll(POLL)) {
                String requestId = KeptOutcomeRecord.requestId(record.key());
                if (requestId != null && record.value() != null && sent.containsKey(requestId)) {
                    outcomes.put(requestId, KeptOutcomeRecord.outcome(record.value()));
                }
            }
        }
        return outcomes;
    }

    private static List<ErasureReport.Deleted> deleted(
            List<Target> targets, Map<String, Sent> sent, Map<String, Outcome> outcomes) {
        Map<Target, Long> counts = new HashMap<>();
        sent.forEach((requestId, one) -> {
            Outcome outcome = Objects.requireNonNull(outcomes.get(requestId), "awaited");
            if (outcome.isRefused()) {
                throw new ErasureException(
                        "%s is refused: %s, %s".formatted(one.target().match(), outcome.code(), outcome.rules()));
            }
            Matcher count = DELETED.matcher(outcome.text());
            counts.merge(one.target(), count.find() ? Long.parseLong(count.group(1)) : 0, Long::sum);
        });
        return targets.stream()
                .map(target -> new ErasureReport.Deleted(
                        target.match().toString(), !target.exact(), counts.getOrDefault(target, 0L)))
                .toList();
    }

    private List<ErasureReport.Remaining> remaining(
            ErasureRequest request, Map<Integer, RecordMetadata> last, Set<Integer> left) throws InterruptedException {
        long at = last.values().stream()
                .mapToLong(RecordMetadata::timestamp)
                .max()
                .orElseThrow();
        List<ErasureReport.Remaining> remaining = new ArrayList<>();
        remaining.add(changelog(at, left));
        Map<TopicPartition, Long> below = new HashMap<>();
        last.forEach((partition, sent) ->
                below.put(new TopicPartition(catalogue.keys().name(), partition), sent.offset() + 1));
        remaining.add(byAge(catalogue.keys(), "the commands that stored values", at));
        below.putAll(cluster.ends(of(catalogue.keysSync().name(), last.keySet())));
        remaining.add(
                byAge(catalogue.keysSync(), "what was told of the keys, this deletion included, with values", at));
        TopicSpec dead = catalogue.deadLetters();
        Set<Integer> all = new TreeSet<>();
        IntStream.range(0, cluster.partitions(dead.name())).forEach(all::add);
        below.putAll(cluster.ends(of(dead.name(), all)));
        remaining.add(byAge(dead, "commands that could not be used, if there were any", at));
        if (request.deleteRecords()) {
            cluster.deleteBefore(below);
            return remaining.stream()
                    .map(one -> one.topic().equals(changelog.name()) ? one : unreadable(one))
                    .toList();
        }
        return remaining;
    }

    private static ErasureReport.Remaining unreadable(ErasureReport.Remaining one) {
        return new ErasureReport.Remaining(
                one.topic(), "nothing that can be read up to the deletion; in files of the brokers", one.until());
    }

    private ErasureReport.Remaining changelog(long at, Set<Integer> left) throws InterruptedException {
        Map<String, String> properties = cluster.properties(changelog.name());
        if (!left.isEmpty()) {
            OptionalLong compaction = RetentionBound.compaction(properties, at);
            return new ErasureReport.Remaining(
                    changelog.name(),
                    "values, on partitions " + new TreeSet<>(left) + ", until the brokers compact them, "
                            + (compaction.isPresent()
                                    ? "at the latest with the first record there after "
                                            + Instant.ofEpochMilli(compaction.getAsLong())
                                    : "for which nothing sets a time"),
                    null);
        }
        long kept = RetentionBound.number(properties, TopicConfig.DELETE_RETENTION_MS_CONFIG, 86_400_000);
        return new ErasureReport.Remaining(
                changelog.name(),
                "no value; the names of the keys in tombstones until a compaction after "
                        + Instant.ofEpochMilli(at + kept),
                null);
    }

    private ErasureReport.Remaining byAge(TopicSpec topic, String what, long at) throws InterruptedException {
        OptionalLong end =
                RetentionBound.latest(cluster.properties(topic.name()), at, cluster.retentionCheckIntervalMs());
        return end.isPresent()
                ? new ErasureReport.Remaining(topic.name(), what, Instant.ofEpochMilli(end.getAsLong()))
                : new ErasureReport.Remaining(topic.name(), what + ", for which nothing sets an end", null);
    }

    private static List<TopicPartition> of(String topic, Collection<Integer> partitions) {
        return partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
    }
}
