package io.forebay.stream;

import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream, from its opening to its end: it finds its place ({@link PlacementPhase}), tells the state where it has to ({@link SnapshotPhase}), then
 * changes ({@link ChangesPhase}), and begins at the state again whenever its place is lost.
 *
 * <p>Everything a reader does runs as a series of tasks on the hub's threads, one at a time, a task for each thing that happens; each sends a bounded
 * number of messages, so that readers take turns. While its sink is full a reader does nothing and holds nothing but its place. What completes for a
 * phase that is over is passed over.
 */
final class StreamReader {

    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

    private static final Duration RETRY = Duration.ofMillis(200);

    private final StreamRequest request;
    private final EventSink sink;
    private final Services services;
    private final List<Lane> lanes;
    private final Outbox outbox;
    private final SerialTasks tasks;
    private final AtomicBoolean woken = new AtomicBoolean();
    private Phase phase;
    private boolean ended;

    /**
     * @param resume what the request's last event id says, null if it has none
     * @param services what the hub provides
     */
    StreamReader(StreamRequest request, EventSink sink, @Nullable Resume resume, Services services) {
        this.request = request;
        this.sink = sink;
        this.services = services;
        this.lanes = request.partitions().stream().map(Lane::new).toList();
        this.outbox = new Outbox(sink, services.config(), services.nanoTime(), services.counters());
        this.tasks = new SerialTasks(services.executor(), this::fail, sink::close);
        this.phase = new PlacementPhase(this, resume);
    }

    /** Where an earlier connection stopped; the token is null if another version of the program wrote it. */
    record Resume(@Nullable StreamToken token) {}

    /**
     * What readers work with.
     *
     * @param executor runs readers' tasks
     * @param delay has something run later
     * @param nanoTime a clock for spans
     * @param ended told once when a stream has ended
     */
    record Services(
            StreamHubConfig config,
            SyncLog log,
            Executor executor,
            Delay delay,
            LongSupplier nanoTime,
            Counters counters,
            Consumer<StreamReader> ended) {}

    /** Runs something after a while. */
    @FunctionalInterface
    interface Delay {
        void run(Runnable task, Duration after);
    }

    void start() {
        sink.onDrain(this::wake);
        sink.onClose(() -> enqueue(this::end));
        enqueue(() -> phase.begin());
    }

    /** Ends the stream from this side. */
    void stop(String reason) {
        enqueue(() -> disconnect(reason));
    }

    /** Does what time asks for; called every so often. */
    void tick() {
        enqueue(() -> {
            if (outbox.isStuck()) {
                disconnectSlow();
            } else if (phase.hasHeartbeat() && outbox.isSilent()) {
                send(null, null);
            }
        });
    }

    /** Has the phase do what can be done now; any number of calls before that is as one. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            enqueue(() -> {
                woken.set(false);
                phase.proceed();
            });
        }
    }

    private void enqueue(Runnable task) {
        tasks.add(() -> {
            if (!ended) {
                task.run();
            }
        });
    }

    private void fail(RuntimeException failure) {
        LOG.error("A stream of {} failed", request.feed().syncTopic(), failure);
        disconnect("internal_error");
    }

    StreamRequest request() {
        return request;
    }

    Services services() {
        return services;
    }

    List<Lane> lanes() {
        return lanes;
    }

    long nanoTime() {
        return services.nanoTime().getAsLong();
    }

    boolean isFull() {
        return outbox.isFull();
    }

    boolean isIn(Phase asked) {
        return phase == asked && !ended;
    }

    /** Keeps a partition's tail for as long as the stream lasts, which may be over already. */
    void hold(Lane lane, SyncLog.Tail tail) {
        tasks.add(() -> {
            if (ended) {
                tail.release();
            } else {
                lane.hold(tail);
            }
        });
    }

    /** Goes on with a stage's result, or its failure, if the stream is still in the phase by then. */
    <T extends @Nullable Object> void whenDone(
            CompletionStage<T> stage, Phase asking, Consumer<T> done, Consumer<Throwable> failed) {
        stage.whenComplete((result, failure) -> enqueue(() -> {
            if (isIn(asking)) {
                if (failure == null) {
                    done.accept(result);
                } else {
                    Throwable cause = failure.getCause();
                    failed.accept(failure instanceof CompletionException && cause != null ? cause : failure);
                }
            }
        }));
    }

    /** Tries something again in a while, if the stream is still in the phase by then. */
    void later(Phase asking, Runnable task) {
        services.delay()
                .run(
                        () -> enqueue(() -> {
                            if (isIn(asking)) {
                                task.run();
                            }
                        }),
                        RETRY);
    }

    void send(@Nullable String event, byte @Nullable [] data) {
        outbox.send(phase.id(), event, data);
    }

    /** Tells changes from where the lanes stand. */
    void follow() {
        phase = new ChangesPhase(this);
        // Tells the reader its id before anything happens.
        send(null, null);
        phase.begin();
    }

    /**
     * Tells changes from where the lanes stand, to a reader that needs nothing before them but the state.
     *
     * @param reached the source position, in a lane, from which on the state has everything that is not told; -1 for any
     */
    void caughtUp(ToLongFunction<Lane> reached) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Lane lane : lanes) {
            long offset = reached.applyAsLong(lane);
            if (offset >= 0) {
                offsets.put(new TopicPartition(request.feed().sourceTopic(), lane.partition), offset);
            }
        }
        phase = new ChangesPhase(this);
        send("caught-up", Outbox.json("position", Position.of(offsets).token()));
        phase.begin();
    }

    /** Tells the state, then changes. */
    void snapshot() {
        phase = new SnapshotPhase(this);
        phase.begin();
    }

    /** Tells that what the reader has does not count any more, then the state. */
    void refetch(String reason) {
        services.counters().mustRefetch();
        phase = new SnapshotPhase(this);
        send("must-refetch", Outbox.json("reason", reason));
        phase.begin();
    }

    void disconnectSlow() {
        services.counters().disconnectedSlow();
        disconnect("slow_reader");
    }

    void disconnect(String reason) {
        if (!ended) {
            send("disconnect", Outbox.json("reason", reason));
            outbox.close();
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        lanes.forEach(Lane::release);
        services.ended().accept(this);
    }
}
