package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.serde.DecodeException;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.store.PartitionClock;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of a partition: takes the records of one input topic in log order and has each decided exactly once.
 *
 * <p><b>Why an answer may leave before the commit.</b> The task reads one topic, decides from its store and the record
 * alone, and knows no time but the log's. Whoever decides the record again, after a crash or as a zombie beside the new
 * owner, decides the same; so an outcome is right as soon as it is in the store.
 *
 * <p><b>Replays.</b> A record at or below the store's position is skipped and tells nothing: Streams can commit a task's
 * writes without its input offset when a time-out strikes inside {@code process} and other tasks of the thread commit
 * ({@code TaskManager.handleCorruption}). Changes are forwarded before the store is written, so a send that fails leaves
 * the position where it was; and since producers block longer than the transaction may last, what was sent of a record
 * that failed half-way is aborted by the coordinator, not committed. Stores beside the deciding one are written before it; a
 * record of which they alone know is decided again, to the outcome that they tell.
 *
 * <p><b>A registry that does not answer.</b> A record whose schema cannot be looked up may neither be skipped nor hold up
 * the thread, whose transaction would time out. It is put, as it is, into the store, and every later record of the
 * partition behind it; the position stays below them, so reads that need them wait. Ticks take them up again, in order.
 *
 * <p><b>Time.</b> A decision knows the log's time alone. When something falls due and nothing is appended, a punctuation,
 * which reads and never writes, asks for a tick: a record like any other, whose append time is then the time at which
 * everybody lets happen what is due.
 *
 * <p><b>Refusals.</b> Whatever is wrong with a record, it goes to the dead-letter topic as it was received, with the
 * reason, and nothing of it happens. That includes a decider's own failure: one bad record must not stop a partition.
 *
 * @param <C> the decoded command
 */
public final class DecidingProcessor<C> implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(DecidingProcessor.class);

    private static final Duration TICK_CHECK = Duration.ofMillis(250);

    /** A tick that leaves work asks for the next one itself; what is left to find here is worth one a second. */
    private static final long BETWEEN_TICKS_MS = 1_000;

    /** After which a tick that was asked for and did not come is asked for again. */
    private static final long TICK_LOST_MS = 10_000;

    private static final long NONE = Long.MIN_VALUE;

    /** Bounds one tick's work when the registry is back: decisions take well under a millisecond each. */
    private static final int WAITING_PER_TICK = 500;

    private static final int MAX_REQUEST_ID = 512;

    private final Deciding<C> deciding;
    private final Decider<C> decider;
    private final KeptOutcomes outcomes;

    /** When the tick was asked for that has not come yet; by the wall clock, as punctuation is. */
    private final AtomicLong tickOutstanding = new AtomicLong(NONE);

    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable PartitionStore store;
    private @Nullable StoreWriter writer;
    private List<OpenSideStore.Side> beside = List.of();
    private @Nullable WaitingRecords waiting;
    private @Nullable DeadLetters deadLetters;
    private @Nullable Cancellable tickCheck;
    private int partition;
    private long lastTick = NONE;

    /** A processor for one task. */
    public DecidingProcessor(Deciding<C> deciding) {
        this.deciding = deciding;
        this.decider = deciding.decider().get();
        this.outcomes = new KeptOutcomes(deciding.retention());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        partition = processorContext.taskId().partition();
        PartitionStore opened = opened(deciding.store());
        store = opened;
        writer = new StoreWriter(processorContext.getStateStore(deciding.store()), opened);
        beside = deciding.beside().stream()
                .map(name -> side(name, processorContext))
                .toList();
        List<PartitionStore> all = new ArrayList<>(List.of(opened));
        beside.forEach(side -> all.add(side.store()));
        waiting = WaitingRecords.of(opened, all);
        activateBeside(opened.position());
        deadLetters = new DeadLetters(deciding.input(), partition, deciding.health());
        outcomes.open(opened);
        decider.open(opened);
        opened.activate(this::stir);
        reportWaiting();
        tickCheck = processorContext.schedule(TICK_CHECK, PunctuationType.WALL_CLOCK_TIME, this::checkTicks);
    }

    /** What a store has that is written later, those before it have as well, though it may have been nothing to them. */
    private void activateBeside(long position) {
        long reached = position;
        for (int i = beside.size() - 1; i >= 0; i--) {
            PartitionStore one = beside.get(i).store();
            one.advanceTo(reached);
            one.activate(this::stir);
            reached = Math.max(reached, one.position());
        }
    }

    private OpenSideStore.Side side(String name, ProcessorContext<byte[], byte[]> processorContext) {
        PartitionStore opened = opened(name);
        return new OpenSideStore.Side(opened, new StoreWriter(processorContext.getStateStore(name), opened));
    }

    private PartitionStore opened(String name) {
        return Objects.requireNonNull(
                deciding.engine().partition(name, partition), "the store is open before its processor");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset =
                context().recordMetadata().map(metadata -> metadata.offset()).orElseThrow();
        if (offset <= store().position() || offset <= waiting().last()) {
            return;
        }
        InputRecord input = InputRecord.of(offset, record);
        store().clock().seen(input.timestamp());
        if (isTick(input)) {
            takeTick(input);
        } else if (!waiting().isEmpty() || !decide(input)) {
            waiting().add(input, writer());
            reportWaiting();
        }
    }

    @Override
    public void close() {
        if (tickCheck != null) {
            tickCheck.cancel();
        }
        if (store != null) {
            store.deactivate();
        }
        beside.forEach(side -> side.store().deactivate());
        deciding.health().waits(partition, false);
    }

    private void takeTick(InputRecord tick) {
        tickOutstanding.set(NONE);
        int taken = 0;
        while (!waiting().isEmpty() && taken < WAITING_PER_TICK) {
            if (!decide(waiting().first())) {
                return;
            }
            waiting().removeFirst();
            taken++;
        }
        reportWaiting();
        if (waiting().isEmpty()) {
            try (OpenDecision decision = open(tick, null)) {
                decider.proceed(decision);
                finish(decision);
            }
        }
        if (hasPendingWork()) {
            appendTick(context().currentSystemTimeMs());
        }
    }

    /**
     * Decides one record.
     *
     * @return false when the registry does not answer, and nothing was done
     */
    private boolean decide(InputRecord input) {
        byte[] waitingKey = waiting().isEmpty() ? null : CommandKeys.waiting(input.offset());
        try (OpenDecision decision = open(input, waitingKey)) {
            try {
                decideInto(decision, input);
            } catch (RefusedException refusal) {
                decision.rollBack();
                sendDeadLetter(input, refusal.code(), detail(refusal));
            } catch (DecodeException e) {
                if (e.retryable()) {
                    return false;
                }
                decision.rollBack();
                sendDeadLetter(input, e.reason().code(), String.valueOf(e.getMessage()));
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException e) {
                fail(decision, input, e);
            }
            outcomes.expire(decision);
            finish(decision);
        }
        deciding.health().countDecided();
        return true;
    }

    private void decideInto(OpenDecision decision, InputRecord input) throws RefusedException {
        byte[] keyBytes = input.key();
        if (keyBytes == null) {
            throw new RefusedException(400, "key_missing", "key", "a record has a key");
        }
        Path key = ReservedKeys.isPartition(keyBytes) ? null : keyOf(keyBytes);
        byte[] value = input.value();
        if (value == null) {
            C command = key == null ? null : decider.ofTombstone(key);
            if (command == null) {
                throw RefusedException.invalid("value", "a command, not a tombstone");
            }
            decide(key, command, decision);
            return;
        }
        String requestId = input.requestId();
        if (requestId == null) {
            decide(key, deciding.decoder().decode(value), decision);
            return;
        }
        if (requestId.length() > MAX_REQUEST_ID) {
            throw RefusedException.invalid(HeaderNames.REQUEST_ID, "at most " + MAX_REQUEST_ID + " characters");
        }
        byte[] fingerprint = KeptOutcome.fingerprint(keyBytes, value);
        KeptOutcome kept = outcomes.find(requestId, decision);
        if (kept == null) {
            C command = deciding.decoder().decode(value);
            Outcome outcome = decideOrRefuse(key, command, decision, input);
            outcomes.keep(requestId, fingerprint, outcome, decision);
        } else if (!kept.isOf(fingerprint)) {
            throw OutcomeQuery.keyReused();
        }
    }

    /** A refusal under a request id is an outcome like any other: it is kept, beside the dead letter. */
    private Outcome decideOrRefuse(@Nullable Path key, C command, OpenDecision decision, InputRecord input) {
        try {
            return decide(key, command, decision);
        } catch (RefusedException refusal) {
            decision.rollBack();
            sendDeadLetter(input, refusal.code(), detail(refusal));
            return Outcome.refused(refusal);
        }
    }

    private Outcome decide(@Nullable Path key, C command, OpenDecision decision) throws RefusedException {
        return key == null ? decider.decideForPartition(command, decision) : decider.decide(key, command, decision);
    }

    /** A fault of ours, not of the store or the broker: this record would fail again, and the ones behind it need not. */
    private void fail(OpenDecision decision, InputRecord input, RuntimeException fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        LOG.error(
                "{} while deciding {}-{} offset {}{}",
                fault.getClass().getName(),
                deciding.input().name(),
                partition,
                input.offset(),
                trace.length == 0 ? "" : ", at " + trace[0]);
        decision.rollBack();
        decider.open(store());
        sendDeadLetter(input, "internal_error", "the command could not be decided because of a fault of this service");
    }

    private Path keyOf(byte[] bytes) throws RefusedException {
        Path key;
        try {
            key = Path.parse(bytes);
        } catch (PathSyntaxException e) {
            throw new RefusedException(400, "key_not_canonical", "key", String.valueOf(e.getMessage()));
        }
        decider.checkKey(key);
        if (decider.placement().partition(bytes, deciding.input().partitions()) != partition) {
            throw new RefusedException(
                    400, "wrong_partition", "key", "a record is on the partition its key's murmur2 hash names");
        }
        return key;
    }

    private void finish(OpenDecision decision) {
        decision.forward((key, value) -> context()
                .forward(
                        new Record<>(key, value, decision.logTime()),
                        Objects.requireNonNull(deciding.syncSink(), "changes are told where there is a sync topic")));
        decision.command((key, value) -> context()
                .forward(
                        new Record<>(key, value, decision.logTime()),
                        Objects.requireNonNull(
                                deciding.commandSink(), "commands are given where the input topic has a sink")));
        decision.send((sink, key, value) -> context().forward(new Record<>(key, value, decision.logTime()), sink));
        decision.write();
    }

    private static String detail(RefusedException refusal) {
        return refusal.violations().stream().map(Violation::toString).collect(Collectors.joining("; "));
    }

    private void sendDeadLetter(InputRecord input, String reason, String detail) {
        Record<byte[], byte[]> received =
                new Record<>(input.key(), input.value(), Math.max(0, input.timestamp()), input.headers());
        context().forward(deadLetters().of(received, input.offset(), reason, detail), deciding.deadLetterSink());
    }

    private OpenDecision open(InputRecord input, byte @Nullable [] waitingKey) {
        return new OpenDecision(
                partition, input, logTimeAt(input), store(), writer(), beside, deciding.furtherSinks(), waitingKey);
    }

    private long logTimeAt(InputRecord input) {
        return Math.max(store().logTime(), input.timestamp());
    }

    private boolean hasPendingWork() {
        return !waiting().isEmpty() || decider.hasPendingWork();
    }

    private void checkTicks(long now) {
        for (OwnCommand command : decider.ownCommands(store().clock().now())) {
            deciding.ticks()
                    .append(
                            deciding.input().name(),
                            partition,
                            command.key(),
                            command.value(),
                            new Appended(store().clock(), command.failed()));
        }
        boolean justTicked = lastTick != NONE && now - lastTick < BETWEEN_TICKS_MS;
        if (!justTicked && (hasPendingWork() || isDue())) {
            lastTick = now;
            appendTick(now);
        }
    }

    private boolean isDue() {
        long dueAt = decider.dueAt();
        PartitionClock clock = store().clock();
        // The first tick also tells what the brokers' clock is.
        boolean first = lastTick == NONE && !clock.isBounded();
        return dueAt != Long.MAX_VALUE && (first || dueAt <= clock.now());
    }

    private void appendTick(long now) {
        long since = tickOutstanding.get();
        boolean wanted = since == NONE || now - since >= TICK_LOST_MS;
        if (wanted && tickOutstanding.compareAndSet(since, now)) {
            deciding.ticks()
                    .append(
                            deciding.input().name(),
                            partition,
                            new Appended(store().clock(), () -> tickOutstanding.set(NONE)));
        }
    }

    /** A tick beyond those that pending work asks for; it does no harm. */
    private void stir() {
        deciding.ticks().append(deciding.input().name(), partition, new Appended(store().clock(), () -> {}));
    }

    /** A record of its own that the partition was asked to append. */
    private static final class Appended implements Ticks.Result {

        private final PartitionClock clock;
        private final Runnable failed;
        private final long asked;

        Appended(PartitionClock clock, Runnable failed) {
            this.clock = clock;
            this.failed = failed;
            this.asked = clock.own();
        }

        @Override
        public void appended(long appendTime) {
            clock.appended(asked, appendTime);
        }

        @Override
        public void failed() {
            failed.run();
        }
    }

    private void reportWaiting() {
        deciding.health().waits(partition, !waiting().isEmpty());
    }

    private static boolean isTick(InputRecord input) {
        return input.value() == null && input.key() != null && ReservedKeys.isTick(input.key());
    }

    private ProcessorContext<byte[], byte[]> context() {
        return Objects.requireNonNull(context, "initialised");
    }

    private PartitionStore store() {
        return Objects.requireNonNull(store, "initialised");
    }

    private StoreWriter writer() {
        return Objects.requireNonNull(writer, "initialised");
    }

    private WaitingRecords waiting() {
        return Objects.requireNonNull(waiting, "initialised");
    }

    private DeadLetters deadLetters() {
        return Objects.requireNonNull(deadLetters, "initialised");
    }
}
