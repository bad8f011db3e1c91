package io.forebay.cache.change;

import io.forebay.command.DeadLetters;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.serde.DecodeException;
import io.forebay.schemas.topic.ReservedKeys;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads committed row changes and sends the invalidations that they mean for caches to the topic that decides about entries.
 *
 * <p>The invalidation has to be decided where leases and fills are, in the order of one log, or a load that read the row
 * before the change could be kept after it (compare Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, where leases
 * of section 3.2.1 and invalidations taken from the database's log, section 4.1, meet in the cache). So nothing is decided here, and there
 * is no state here. What is read and what is sent for it are one transaction (KIP-98): no change is lost, and each is seen once.
 *
 * <p><b>Few for many.</b> A row change is on the topic after its transaction was committed, and so were all rows of it. A
 * load that begins after the first invalidation of a transaction reads all of them. So the same entries need not be
 * invalidated again for its other rows, and of a transaction that concerns very many, all that it can concern are
 * invalidated at once.
 *
 * <p><b>Too much rather than too little.</b> What a row change does not tell widens what is invalidated: a column that is
 * not known, a record that cannot be read, a schema for which the registry does not answer. A needless load is the price; a
 * change whose reading waited would leave outdated entries meanwhile.
 *
 * <p><b>Who waits.</b> Until the transaction is committed, readers of committed records do not see what others append to the
 * same partitions behind it, commands of callers included. So a commit is asked for at once, and not more often than is
 * good for the throughput.
 */
final class ChangeForwarder implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeForwarder.class);

    private static final long BETWEEN_COMMITS_MS = 20;

    /** After which a registry that did not answer is asked for the same schema again. */
    private static final long REGISTRY_PAUSE_MS = 2_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Forwarding forwarding;
    private final SentInvalidations sent;

    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable DeadLetters deadLetters;
    private int partition;
    private long commitAsked = NEVER;
    private int unansweredSchema;
    private long unansweredAt = NEVER;

    /** A forwarder for one task. */
    ChangeForwarder(Forwarding forwarding) {
        this.forwarding = forwarding;
        this.sent = new SentInvalidations(forwarding.config().mostOfTransaction());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        partition = processorContext.taskId().partition();
        deadLetters = new DeadLetters(forwarding.changes(), partition, forwarding.health());
        // A task that is started again may have lost what it sent last.
        sent.clear();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        byte[] recordKey = record.key();
        if (recordKey != null && record.value() == null && ReservedKeys.isTick(recordKey)) {
            return;
        }
        if (recordKey != null && record.value() != null && ReservedKeys.isPartition(recordKey)) {
            takeTruncation(record);
            return;
        }
        Path key;
        try {
            key = keyOf(record.key());
        } catch (RefusedException refusal) {
            sendDeadLetter(record, refusal.code(), refusal.field(), refusal.rule());
            return;
        }
        List<Dependency> dependencies = forwarding.config().on(key.part(0));
        ChangedRow row =
                read(record, !dependencies.isEmpty(), change -> ChangedRow.read(key, change), ChangedRow.UNKNOWN);
        if (!dependencies.isEmpty()) {
            invalidate(dependencies, row, record.timestamp());
        }
    }

    /**
     * A truncation that is told to every partition: the one that the table's name is on takes it. Where it cannot be read, it may be that
     * of any table.
     */
    private void takeTruncation(Record<byte[], byte[]> record) {
        List<Dependency> all = forwarding.config().dependencies();
        List<Dependency> dependencies = read(record, !all.isEmpty(), this::onTruncated, all);
        if (!dependencies.isEmpty()) {
            invalidate(dependencies, ChangedRow.UNKNOWN, record.timestamp());
        }
    }

    /** A model that record sync is told by the same way concerns no entry. */
    private List<Dependency> onTruncated(RowChange change) throws RefusedException {
        if (change.getOp() == RowOperation.declared) {
            return List.of();
        }
        if (change.getOp() != RowOperation.truncated) {
            throw new RefusedException(400, "wrong_key", "key", "the key of the row that the change is about");
        }
        boolean isHere = forwarding.changes().partitionFor(Path.of(change.getTable())) == partition;
        return isHere ? forwarding.config().on(change.getTable()) : List.of();
    }

    private Path keyOf(byte @Nullable [] bytes) throws RefusedException {
        if (bytes == null) {
            throw new RefusedException(400, "key_missing", "key", "a record has a key");
        }
        Path key;
        try {
            key = Path.parse(bytes);
        } catch (PathSyntaxException e) {
            throw new RefusedException(400, "key_not_canonical", "key", String.valueOf(e.getMessage()));
        }
        if (forwarding.changes().partitionFor(bytes) != partition) {
            throw new RefusedException(
                    400, "wrong_partition", "key", "a record is on the partition its key's murmur2 hash names");
        }
        return key;
    }

    /** Makes something of a row change. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(RowChange change) throws RefusedException;
    }

    /** What a record says, as far as it can be read. Where nobody wants to know, it is looked at from outside. */
    private <T> T read(Record<byte[], byte[]> record, boolean wanted, Reading<T> reading, T unknown) {
        byte[] value = record.value();
        OptionalInt schema = AvroSerdes.schemaId(value);
        try {
            if (value == null) {
                throw RefusedException.invalid("value", "a row change, not a tombstone");
            }
            if (schema.isEmpty()) {
                throw new RefusedException(
                        400,
                        DecodeException.Reason.NOT_AVRO.code(),
                        null,
                        "the value is not Avro in Confluent's wire format");
            }
            if (wanted && !isUnanswered(schema.getAsInt())) {
                return reading.of(forwarding.decoder().decode(value));
            }
        } catch (RefusedException refusal) {
            sendDeadLetter(record, refusal.code(), refusal.field(), refusal.rule());
        } catch (DecodeException e) {
            if (e.retryable()) {
                unansweredSchema = schema.getAsInt();
                unansweredAt = context().currentSystemTimeMs();
            } else {
                sendDeadLetter(record, e.reason().code(), null, String.valueOf(e.getMessage()));
            }
        } catch (RuntimeException fault) {
            fail(record, fault);
        }
        return unknown;
    }

    /** Each question to a registry that does not answer takes its time, which the other tasks of the thread do not have. */
    private boolean isUnanswered(int schema) {
        return schema == unansweredSchema && context().currentSystemTimeMs() - unansweredAt < REGISTRY_PAUSE_MS;
    }

    private void fail(Record<byte[], byte[]> record, RuntimeException fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        LOG.error(
                "{} while reading {}-{} offset {}{}",
                fault.getClass().getName(),
                forwarding.changes().name(),
                partition,
                offset(),
                trace.length == 0 ? "" : ", at " + trace[0]);
        sendDeadLetter(
                record, "internal_error", null, "the change could not be read because of a fault of this service");
    }

    private void invalidate(List<Dependency> dependencies, ChangedRow row, long time) {
        Set<Entries> outdated = new LinkedHashSet<>();
        boolean widened = false;
        for (Dependency dependency : dependencies) {
            widened |= !row.sides().stream().allMatch(dependency::isNarrowedBy);
            outdated.addAll(unsent(dependency, row, time));
        }
        forwarding.stats().countChange(widened);
        outdated.forEach(entries -> send(entries, time));
        if (!outdated.isEmpty()) {
            commitSoon();
        }
    }

    private Collection<Entries> unsent(Dependency dependency, ChangedRow row, long time) {
        Set<Entries> entries = row.sides().stream()
                .map(dependency::of)
                .filter(Entries::canExist)
                .map(one -> one.fits(forwarding.keyMaxBytes()) ? one : dependency.widest())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return row.transaction() == null || entries.isEmpty()
                ? entries
                : sent.unsent(row.transaction(), time, dependency, entries);
    }

    private void send(Entries entries, long time) {
        byte[] command = forwarding.encoder().apply(new KeyCommand(entries.command()));
        context().forward(new Record<>(entries.recordKey(), command, time), forwarding.commandSink());
        forwarding.stats().countInvalidation();
    }

    private void commitSoon() {
        long now = context().currentSystemTimeMs();
        if (now - commitAsked >= BETWEEN_COMMITS_MS) {
            commitAsked = now;
            context().commit();
        }
    }

    private void sendDeadLetter(Record<byte[], byte[]> record, String reason, @Nullable String field, String rule) {
        DeadLetters letters = Objects.requireNonNull(deadLetters, "initialised");
        context().forward(letters.of(record, offset(), reason, field, rule), forwarding.deadLetterSink());
    }

    private long offset() {
        return context().recordMetadata().map(RecordMetadata::offset).orElseThrow();
    }

    private ProcessorContext<byte[], byte[]> context() {
        return Objects.requireNonNull(context, "initialised");
    }
}
