package io.forebay.stream;

import io.forebay.routing.OverloadedException;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.schemas.position.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream, from its opening to its end.
 *
 * <p>How a snapshot and the changes after it are joined, without a gap and without an overlap:
 *
 * <ol>
 *   <li>The reader marks where it stands in each sync partition ({@code c}) and the greatest unit offset before that ({@code F}).
 *   <li>It reads the pages. A page read at source position {@code S} has everything the units up to {@code S} have done. Units before {@code c} are
 *       never sent, so a page counts only if {@code S} is at or beyond {@code F}; else it is read again. (An owner that was deposed without knowing can
 *       answer with such a page.)
 *   <li>From {@code c} on it sends every change whose source lies beyond the {@code S} of the page that covers its key ({@link Floors}), and no other:
 *       those at or before it are in the page already, whenever the sync topic comes to tell of them.
 * </ol>
 *
 * <p>Changes of one unit are sent next to each other. All but the last carry the id of the message before the unit, so that a reader cut off in the
 * middle gets the unit again, whole, and one that wants whole units applies what it has got whenever the id moves.
 *
 * <p>Everything a reader does runs as a series of tasks on the hub's threads, one at a time, a task for each thing that happens; each sends a bounded
 * number of messages, so that readers take turns. While its sink is full a reader does nothing and holds nothing but its place.
 */
final class StreamReader {

    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

    /** Messages sent, or units passed over, before others get their turn. */
    private static final int TURN = 256;

    private static final Duration RETRY = Duration.ofMillis(200);

    private final StreamRequest request;
    private final EventSink sink;
    private final Services services;
    private final @Nullable Resume resume;
    private final List<Lane> lanes = new ArrayList<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean();

    private State state = State.OPENING;
    /** The id of what was sent and passed over so far, null while it is not written out. */
    private @Nullable String id;

    private @Nullable String sentId;
    private boolean full;
    private long fullSince;
    private long lastSent;

    private int snapshot;
    private int pageLane;
    private @Nullable Object pageCursor;
    private long pageDeadline;
    private @Nullable SnapshotPage page;

    private int turn;
    private final Deque<StreamChange> outgoing = new ArrayDeque<>();
    private @Nullable Lane outgoingLane;
    private @Nullable Unit outgoingUnit;

    /**
     * @param resume what the request's last event id says, null if it has none
     * @param services what the hub provides
     */
    StreamReader(StreamRequest request, EventSink sink, @Nullable Resume resume, Services services) {
        this.request = request;
        this.sink = sink;
        this.resume = resume;
        this.services = services;
        this.id = request.lastEventId();
        for (int partition : request.partitions()) {
            lanes.add(new Lane(partition));
        }
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

    private enum State {
        OPENING,
        SNAPSHOT,
        FOLLOWING,
        CLOSED
    }

    /** What the reader knows of one partition. */
    private static final class Lane {

        final int partition;
        SyncLog.@Nullable Tail tail;
        int epoch;
        /** Everything below this sync offset was sent or passed over. */
        long next;

        long scannedUnit = -1;
        long mustSee = -1;
        Floors floors = Floors.NONE;
        /** Whether the reader has been in the window since it took its place. */
        boolean live;

        boolean reading;
        final Deque<Unit> ready = new ArrayDeque<>();
        long readyUntil;

        Lane(int partition) {
            this.partition = partition;
        }

        Window window() {
            if (tail == null) {
                throw new IllegalStateException("partition " + partition + " is not followed yet");
            }
            return tail.window();
        }

        void place(Window.Mark mark, long from, Floors told) {
            epoch = mark.epoch();
            next = from;
            floors = told;
            scannedUnit = -1;
            live = false;
            ready.clear();
        }
    }

    void start() {
        lastSent = services.nanoTime().getAsLong();
        sink.onDrain(this::wake);
        sink.onClose(() -> enqueue(this::end));
        enqueue(this::open);
    }

    /** Ends the stream from this side. */
    void stop(String reason) {
        enqueue(() -> disconnect(reason));
    }

    /** Does what time asks for; called every so often. */
    void tick() {
        enqueue(this::keep);
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            enqueue(() -> {
                woken.set(false);
                proceed();
            });
        }
    }

    private void enqueue(Runnable task) {
        enqueueAlways(() -> {
            if (state != State.CLOSED) {
                task.run();
            }
        });
    }

    /** As {@link #enqueue}, for what is due even if the stream has ended meanwhile. */
    private void enqueueAlways(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            runNext();
        }
    }

    private void runNext() {
        try {
            services.executor().execute(this::runOne);
        } catch (RejectedExecutionException hubClosed) {
            sink.close();
        }
    }

    private void runOne() {
        Runnable task = tasks.remove();
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A stream of {} failed", request.feed().syncTopic(), e);
            disconnect("internal_error");
        } finally {
            if (waiting.decrementAndGet() > 0) {
                runNext();
            }
        }
    }

    private void open() {
        List<CompletableFuture<?>> opening = new ArrayList<>();
        for (Lane lane : lanes) {
            opening.add(services.log()
                    .follow(request.feed(), lane.partition, this::wake)
                    .thenAccept(tail -> enqueueAlways(() -> hold(lane, tail)))
                    .toCompletableFuture());
        }
        CompletionStage<?> opened = CompletableFuture.allOf(opening.toArray(CompletableFuture<?>[]::new));
        opened.whenComplete((done, failure) -> enqueue(() -> {
            if (failure == null) {
                begin();
            } else {
                disconnect("unavailable");
            }
        }));
    }

    private void hold(Lane lane, SyncLog.Tail tail) {
        if (state == State.CLOSED) {
            tail.release();
        } else {
            lane.tail = tail;
        }
    }

    private void begin() {
        if (resume != null) {
            resume(resume.token());
        } else if (request.start() instanceof StreamStart.After after) {
            startAfter(after.position());
        } else if (request.start() instanceof StreamStart.Now) {
            for (Lane lane : lanes) {
                placeAtEnd(lane);
            }
            follow();
        } else {
            beginSnapshot();
        }
    }

    private void resume(@Nullable StreamToken token) {
        if (token == null) {
            refetch("unknown_id");
        } else if (!token.syncTopic().equals(request.feed().syncTopic())) {
            refetch("other_stream");
        } else if (!token.complete()) {
            refetch("incomplete_snapshot");
        } else if (!token.lanes().keySet().equals(request.partitions())) {
            refetch("other_stream");
        } else {
            List<CompletableFuture<Boolean>> beyond = new ArrayList<>();
            for (Lane lane : lanes) {
                StreamToken.Lane told = Objects.requireNonNull(token.lanes().get(lane.partition));
                Window.Mark mark = lane.window().mark();
                lane.place(mark, told.next(), Floors.of(told.floors()));
                // The window may be a moment behind what another instance has sent.
                if (lane.next > mark.next()) {
                    beyond.add(services.log()
                            .end(request.feed(), lane.partition)
                            .thenApply(end -> lane.next > end)
                            .toCompletableFuture());
                }
            }
            whenAll(beyond, anyBeyond -> {
                if (anyBeyond.contains(true)) {
                    refetch("beyond_end");
                } else {
                    follow();
                }
            });
        }
    }

    private void startAfter(Position position) {
        List<CompletableFuture<Runnable>> placed = new ArrayList<>();
        for (Lane lane : lanes) {
            OptionalLong offset =
                    position.offset(new TopicPartition(request.feed().sourceTopic(), lane.partition));
            if (offset.isEmpty()) {
                placeAtEnd(lane);
                continue;
            }
            Floors told = Floors.at(offset.getAsLong());
            Window.Mark mark = lane.window().mark();
            if (mark.unitBeforeStart() <= offset.getAsLong()) {
                lane.place(mark, mark.start(), told);
            } else {
                placed.add(services.log()
                        .locate(request.feed(), lane.partition, offset.getAsLong())
                        .<Runnable>thenApply(from -> () -> lane.place(mark, from, told))
                        .toCompletableFuture());
            }
        }
        whenAll(placed, placing -> {
            placing.forEach(Runnable::run);
            follow();
        });
    }

    /** Goes on when all have answered; starts over where one of them finds the wanted records gone. */
    private <T> void whenAll(List<CompletableFuture<T>> stages, Consumer<List<T>> then) {
        int attempt = snapshot;
        CompletionStage<?> all = CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new));
        all.whenComplete((done, failure) -> enqueue(() -> {
            if (attempt != snapshot) {
                return;
            }
            if (failure == null) {
                then.accept(stages.stream().map(CompletableFuture::join).toList());
            } else if (cause(failure) instanceof SyncLog.GoneException) {
                refetch("expired");
            } else {
                LOG.warn(
                        "A stream of {} cannot find its place: {}",
                        request.feed().syncTopic(),
                        cause(failure).toString());
                disconnect("unavailable");
            }
        }));
    }

    private void placeAtEnd(Lane lane) {
        Window.Mark mark = lane.window().mark();
        lane.place(mark, mark.next(), Floors.NONE);
        lane.scannedUnit = mark.lastUnit();
    }

    private void follow() {
        state = State.FOLLOWING;
        id = token();
        // Tells the reader its id before anything happens.
        send(null, null);
        proceed();
    }

    private void refetch(String reason) {
        services.counters().mustRefetch();
        outgoing.clear();
        id = StreamToken.incomplete(request.feed().syncTopic()).text();
        send("must-refetch", reason(reason));
        beginSnapshot();
    }

    private void beginSnapshot() {
        state = State.SNAPSHOT;
        snapshot++;
        id = StreamToken.incomplete(request.feed().syncTopic()).text();
        outgoing.clear();
        outgoingLane = null;
        outgoingUnit = null;
        page = null;
        for (Lane lane : lanes) {
            placeAtEnd(lane);
            lane.mustSee = lane.scannedUnit;
            lane.reading = false;
        }
        pageLane = 0;
        beginPage(null);
    }

    private void beginPage(@Nullable Object cursor) {
        pageCursor = cursor;
        pageDeadline = services.nanoTime().getAsLong()
                + services.config().snapshotTimeout().toNanos();
        readPage();
    }

    private void readPage() {
        int attempt = snapshot;
        Lane lane = lanes.get(pageLane);
        CompletionStage<SnapshotPage> reading;
        try {
            reading = request.pager().next(lane.partition, pageCursor, lane.mustSee);
        } catch (RuntimeException e) {
            reading = CompletableFuture.failedFuture(e);
        }
        reading.whenComplete((read, failure) -> enqueue(() -> {
            if (attempt == snapshot && state == State.SNAPSHOT) {
                if (failure == null) {
                    take(lane, read);
                } else {
                    failPage(cause(failure));
                }
            }
        }));
    }

    private void take(Lane lane, SnapshotPage read) {
        if (read.position() < lane.mustSee) {
            readPageLater();
        } else {
            page = read;
            proceed();
        }
    }

    private void failPage(Throwable failure) {
        if (failure instanceof PositionNotReachedException
                || failure instanceof PartitionUnavailableException
                || failure instanceof OverloadedException) {
            readPageLater();
        } else {
            LOG.warn("A snapshot for a stream of {} failed", request.feed().syncTopic(), failure);
            disconnect("internal_error");
        }
    }

    private void readPageLater() {
        if (services.nanoTime().getAsLong() - pageDeadline >= 0) {
            disconnect("snapshot_unavailable");
            return;
        }
        int attempt = snapshot;
        later(() -> {
            if (attempt == snapshot && state == State.SNAPSHOT) {
                readPage();
            }
        });
    }

    private void later(Runnable task) {
        services.delay().run(() -> enqueue(task), RETRY);
    }

    /** Does what can be done now. */
    private void proceed() {
        if (state == State.SNAPSHOT && page != null && !sink.isFull()) {
            sendPage(page);
        } else if (state == State.FOLLOWING) {
            sendChanges();
        }
    }

    private void sendPage(SnapshotPage read) {
        page = null;
        Lane lane = lanes.get(pageLane);
        lane.floors = lane.floors.with(read.last() ? null : read.lastKey(), read.position());
        send("snapshot", read.json());
        if (!read.last()) {
            beginPage(read.cursor());
            return;
        }
        pageLane++;
        if (pageLane < lanes.size()) {
            beginPage(null);
            return;
        }
        state = State.FOLLOWING;
        id = token();
        send("caught-up", caughtUp());
        proceed();
    }

    private byte[] caughtUp() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Lane lane : lanes) {
            if (lane.floors.lowest() >= 0) {
                offsets.put(new TopicPartition(request.feed().sourceTopic(), lane.partition), lane.floors.lowest());
            }
        }
        return json("position", Position.of(offsets).token());
    }

    private void sendChanges() {
        for (int left = TURN; left > 0; left--) {
            if (state != State.FOLLOWING || sink.isFull()) {
                return;
            }
            if (outgoing.isEmpty() && !nextUnit()) {
                return;
            }
            if (!outgoing.isEmpty()) {
                sendChange();
            }
        }
        wake();
    }

    private void sendChange() {
        StreamChange change = outgoing.remove();
        if (outgoing.isEmpty() && outgoingLane != null && outgoingUnit != null) {
            pass(outgoingLane, outgoingUnit);
            id = token();
        }
        send("change", change.json());
    }

    /** Takes the next unit of the lane whose turn it is; false if no lane has one now. */
    private boolean nextUnit() {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(turn);
            turn = (turn + 1) % lanes.size();
            if (lane.ready.isEmpty() && !lane.reading) {
                refill(lane);
            }
            Unit unit = lane.ready.poll();
            if (state != State.FOLLOWING) {
                return false;
            }
            if (unit != null) {
                choose(lane, unit);
                return true;
            }
        }
        return false;
    }

    private void choose(Lane lane, Unit unit) {
        for (StreamChange change : unit.changes()) {
            if (request.selector().test(change) && lane.floors.passes(change)) {
                outgoing.add(change);
            }
        }
        if (outgoing.isEmpty()) {
            pass(lane, unit);
            id = null;
        } else {
            outgoingLane = lane;
            outgoingUnit = unit;
        }
    }

    private static void pass(Lane lane, Unit unit) {
        lane.next = lane.ready.isEmpty() ? lane.readyUntil : unit.end();
        lane.scannedUnit = Math.max(lane.scannedUnit, unit.unitOffset());
    }

    private void refill(Lane lane) {
        Window.Mark mark = lane.window().mark();
        if (mark.epoch() != lane.epoch) {
            refetch("reset");
            return;
        }
        Window.Slice slice = lane.window().read(lane.next);
        if (slice != null) {
            lane.live = true;
            take(lane, slice);
        } else if (lane.live) {
            services.counters().disconnectedSlow();
            disconnect("slow_reader");
        } else {
            catchUp(lane, lane.window().mark().start());
        }
    }

    private void take(Lane lane, Window.Slice slice) {
        lane.ready.addAll(slice.units());
        lane.readyUntil = slice.next();
        if (slice.units().isEmpty() && lane.next != slice.next()) {
            lane.next = slice.next();
            id = null;
        }
    }

    private void catchUp(Lane lane, long until) {
        int attempt = snapshot;
        lane.reading = true;
        services.log()
                .read(request.feed(), lane.partition, lane.next, until, request.selector())
                .whenComplete((slice, failure) -> enqueue(() -> {
                    if (attempt != snapshot) {
                        return;
                    }
                    if (failure == null) {
                        lane.reading = false;
                        take(lane, slice);
                        proceed();
                    } else if (cause(failure) instanceof SyncLog.GoneException) {
                        lane.reading = false;
                        refetch("expired");
                    } else {
                        later(() -> {
                            if (attempt == snapshot) {
                                lane.reading = false;
                                proceed();
                            }
                        });
                    }
                }));
    }

    private void keep() {
        long now = services.nanoTime().getAsLong();
        if (sink.isFull()) {
            if (!full) {
                full = true;
                fullSince = now;
            } else if (now - fullSince >= services.config().slowAfter().toNanos()) {
                services.counters().disconnectedSlow();
                disconnect("slow_reader");
            }
            return;
        }
        full = false;
        if (state != State.OPENING
                && now - lastSent >= services.config().heartbeat().toNanos()) {
            send(null, null);
        }
    }

    private void disconnect(String reason) {
        if (state != State.CLOSED) {
            send("disconnect", reason(reason));
            sink.close();
            end();
        }
    }

    private void end() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        for (Lane lane : lanes) {
            if (lane.tail != null) {
                lane.tail.release();
            }
        }
        services.ended().accept(this);
    }

    private void send(@Nullable String event, byte @Nullable [] data) {
        // Until a unit is out the id stands still: a reader knows by it what is whole.
        if (outgoing.isEmpty()) {
            if (id == null && state == State.FOLLOWING) {
                id = token();
            }
            sentId = id;
        }
        sink.send(sentId, event, data);
        lastSent = services.nanoTime().getAsLong();
        if (event != null) {
            services.counters().sent();
        }
    }

    /** Everything that was sent or passed over so far, as an id. */
    private String token() {
        SortedMap<Integer, StreamToken.Lane> told = new TreeMap<>();
        for (Lane lane : lanes) {
            List<Floors.Range> floors = lane.floors.forToken(lane.scannedUnit);
            if (floors == null) {
                return StreamToken.incomplete(request.feed().syncTopic()).text();
            }
            told.put(lane.partition, new StreamToken.Lane(lane.next, floors));
        }
        return new StreamToken(request.feed().syncTopic(), true, told).text();
    }

    private static byte[] reason(String reason) {
        return json("reason", reason);
    }

    /** A JSON object of one member; both need no escaping. */
    private static byte[] json(String name, String value) {
        return ("{\"" + name + "\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
