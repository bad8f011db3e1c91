package io.forebay.erasure;

import io.forebay.command.Outcome;
import io.forebay.erasure.Commands.Command;
import io.forebay.keys.state.KeyBytes;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Erases keys and says what is left.
 *
 * <p>A deletion is a command like any other. Every key is deleted by a match that it alone meets, whose outcome says whether
 * it was there. From then on the changelog has tombstones, and a compaction removes the values before them. For that the
 * deletion is sent again, which changes no key and appends its outcome to the changelog.
 */
public final class KeyErasure {

    private static final Pattern DELETED = Pattern.compile("\"deleted\":(\\d+)");
    private static final long DELETE_RETENTION_MS = 86_400_000;

    private final TopicCatalogue catalogue;
    private final TopicSpec changelog;
    private final Serializer<KeyCommand> commands;
    private final ErasureClients clients;
    private final Cluster cluster;

    /**
     * An erasure on a cluster.
     *
     * @param changelog of the keys' store
     */
    public KeyErasure(
            TopicCatalogue catalogue, TopicSpec changelog, Serializer<KeyCommand> commands, ErasureClients clients) {
        this.catalogue = catalogue;
        this.changelog = changelog;
        this.commands = commands;
        this.clients = clients;
        this.cluster = new Cluster(clients.admin(), clients.timeout());
    }

    private record Target(PathMatch match, boolean exact) {}

    /**
     * Erases.
     *
     * @param keys keys, each exactly, namespace included
     * @param matches matches, namespace included
     * @throws ErasureException when the deletion is refused, or not decided in time
     * @throws KafkaException when the cluster does not answer or refuses
     */
    public ErasureReport run(List<Path> keys, List<PathMatch> matches, ErasureRequest request)
            throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        keys.forEach(key -> targets.add(new Target(PathMatch.exactly(key), true)));
        matches.forEach(match -> targets.add(new Target(match, false)));
        Compaction compaction = new Compaction(cluster, changelog, request.compact());
        try {
            return erase(targets, request, compaction);
        } finally {
            compaction.putBack();
        }
    }

    private ErasureReport erase(List<Target> targets, ErasureRequest request, Compaction compaction)
            throws InterruptedException {
        List<Target> asked = new ArrayList<>();
        List<Command> deletions = new ArrayList<>();
        for (Target target : targets) {
            for (int partition : partitions(target)) {
                asked.add(target);
                deletions.add(command(target, partition));
            }
        }
        Set<Integer> concerned = new TreeSet<>();
        deletions.forEach(deletion -> concerned.add(deletion.partition()));
        Commands sent = new Commands(clients, cluster, catalogue.keys(), changelog, concerned);
        List<ErasureReport.Deleted> deleted = deleted(targets, asked, sent.decide(deletions, request.patience()));
        Copies copies = new Copies(
                clients.uncommitted(),
                record -> isCopy(record, targets),
                cluster.ends(Cluster.of(changelog.name(), concerned)));
        Set<Integer> left = compaction.await(
                copies,
                request.patience(),
                partition -> sent.send(deletions.stream()
                        .filter(deletion -> deletion.partition() == partition)
                        .findFirst()
                        .orElseThrow()));
        return new ErasureReport(deleted, remaining(request, sent, left), left.isEmpty());
    }

    private static boolean isCopy(ConsumerRecord<byte[], byte[]> record, List<Target> erased) {
        return KeyBytes.isKey(record.key())
                && erased.stream().anyMatch(target -> target.match().matches(KeyBytes.path(record.key())));
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

    private Command command(Target target, int partition) {
        return new Command(
                partition,
                target.exact() ? key(target).toBytes() : ReservedKeys.partition(),
                commands.serialize(
                        catalogue.keys().name(),
                        new KeyCommand(new DeleteMatch(target.match().toString()))));
    }

    private static List<ErasureReport.Deleted> deleted(
            List<Target> targets, List<Target> asked, List<Outcome> outcomes) {
        Map<Target, Long> counts = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            Target target = asked.get(i);
            Outcome outcome = outcomes.get(i);
            ErasureException.checkDecided(target.match().toString(), outcome);
            Matcher count = DELETED.matcher(outcome.text());
            counts.merge(target, count.find() ? Long.parseLong(count.group(1)) : 0, Long::sum);
        }
        return targets.stream()
                .map(target -> new ErasureReport.Deleted(
                        target.match().toString(), !target.exact(), counts.getOrDefault(target, 0L)))
                .toList();
    }

    private List<ErasureReport.Remaining> remaining(ErasureRequest request, Commands sent, Set<Integer> left)
            throws InterruptedException {
        Remains remains = new Remains(cluster, sent.last());
        if (left.isEmpty()) {
            long kept = RetentionBound.number(
                    cluster.properties(changelog.name()), TopicConfig.DELETE_RETENTION_MS_CONFIG, DELETE_RETENTION_MS);
            remains.forever(
                    changelog,
                    "no value; the names of the keys in tombstones until a compaction after " + remains.after(kept));
        } else {
            remains.copies(changelog, "values", left);
        }
        remains.commands(catalogue.keys(), "the commands that stored values");
        remains.told(catalogue.keysSync(), "what was told of the keys, this deletion included, with values");
        remains.deadLetters(catalogue.deadLetters());
        if (request.deleteRecords()) {
            remains.deleteRecords();
        }
        return remains.all();
    }
}
