package io.forebay.http.calls;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.routing.Answer;
import io.forebay.routing.PositionQuery;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.position.Position;
import io.forebay.store.StoreQuery;
import io.forebay.stream.EventSink;
import io.forebay.stream.Feed;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.SnapshotPager;
import io.forebay.stream.StreamChange;
import io.forebay.stream.StreamHub;
import io.forebay.stream.StreamRequest;
import io.forebay.stream.StreamStart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the streams of one capability. */
public final class StreamCalls {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCalls.class);

    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNAVAILABLE = "{\"reason\":\"unavailable\"}".getBytes(StandardCharsets.US_ASCII);

    private final StreamHub hub;
    private final Feed feed;
    private final Router router;
    private final StoreRef store;
    private final Duration timeout;

    /**
     * Streams of one sync topic.
     *
     * @param store what snapshots are read from
     * @param timeout how long a page of a snapshot may take
     */
    public StreamCalls(StreamHub hub, Feed feed, Router router, StoreRef store, Duration timeout) {
        this.hub = hub;
        this.feed = feed;
        this.router = router;
        this.store = store;
        this.timeout = timeout;
    }

    /** Answers with the stream of what the selector selects, from where the request asks. */
    public CompletionStage<Response> open(
            Request request, SortedSet<Integer> partitions, Predicate<StreamChange> selector, SnapshotPager pager) {
        return open(request, partitions, selector, pager, start(request), UnaryOperator.identity());
    }

    private CompletionStage<Response> open(
            Request request,
            SortedSet<Integer> partitions,
            Predicate<StreamChange> selector,
            SnapshotPager pager,
            StreamStart start,
            UnaryOperator<EventSink> around) {
        String lastEventId = request.header("Last-Event-ID");
        CompletionStage<StreamStart> placed = start instanceof StreamStart.Now && lastEventId == null
                ? position(partitions).thenApply(StreamStart::now)
                : CompletableFuture.completedFuture(start);
        return placed.handle((from, failure) -> {
            if (failure != null) {
                LOG.warn("A stream of {} cannot find its place: {}", feed.syncTopic(), failure.toString());
                return Response.events(StreamCalls::end);
            }
            StreamRequest stream = new StreamRequest(feed, partitions, selector, pager, from, lastEventId);
            return Response.events(sink -> open(stream, around.apply(sink)));
        });
    }

    /** A reader comes back after a stream that ended; one that is refused may be one that does not ask again. */
    private static void end(EventSink sink) {
        sink.send(null, "disconnect", UNAVAILABLE.clone());
        sink.close();
    }

    /** How far the owners are: what they have answered before is not told by a stream that starts now, though it may be committed later. */
    private CompletionStage<Position> position(SortedSet<Integer> partitions) {
        CompletionStage<Position> position = CompletableFuture.completedFuture(Position.empty());
        for (int partition : partitions) {
            CompletionStage<Answer<Long>> asked = page(partition, new PositionQuery(), -1);
            position = position.thenCombine(
                    asked,
                    (all, answer) ->
                            answer.position() < 0 ? all : all.merge(Position.of(answer.source(), answer.position())));
        }
        return position;
    }

    /**
     * As {@link #open}, of what is told and not kept: the stream begins now unless the request says after what, and where changes have
     * been missed its snapshot is empty.
     *
     * @param around wraps what the stream is written to
     */
    public CompletionStage<Response> openWithoutState(
            Request request,
            SortedSet<Integer> partitions,
            Predicate<StreamChange> selector,
            UnaryOperator<EventSink> around) {
        String start = request.parameter("start");
        if ("snapshot".equals(start)) {
            throw Problem.invalid("start", "must be now, or a position").exception();
        }
        return open(
                request,
                partitions,
                selector,
                this::emptyPage,
                start == null ? StreamStart.now() : start(request),
                around);
    }

    /**
     * As {@link #openWithoutState}, always from now on, whatever the request says: of what ends with its stream.
     *
     * @param around wraps what the stream is written to
     */
    public CompletionStage<Response> openFromNow(
            SortedSet<Integer> partitions, Predicate<StreamChange> selector, UnaryOperator<EventSink> around) {
        StreamRequest stream = new StreamRequest(feed, partitions, selector, this::emptyPage, StreamStart.now(), null);
        return CompletableFuture.completedFuture(Response.events(sink -> open(stream, around.apply(sink))));
    }

    private CompletionStage<SnapshotPage> emptyPage(int partition, @Nullable Object cursor, long atLeast) {
        return page(partition, new PositionQuery(), atLeast)
                .thenApply(answer -> new SnapshotPage(NOTHING.clone(), new byte[0], true, answer.position(), null));
    }

    /** Reads a page of a snapshot from its owner. */
    public <R extends @Nullable Object> CompletionStage<Answer<R>> page(
            int partition, StoreQuery<R> query, long atLeast) {
        TopicPartition source = new TopicPartition(store.source().name(), partition);
        ReadOptions options =
                ReadOptions.within(timeout).atLeast(atLeast < 0 ? Position.empty() : Position.of(source, atLeast));
        return router.ask(store, partition, query, options);
    }

    private void open(StreamRequest stream, EventSink sink) {
        try {
            hub.open(stream, sink);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("Last-Event-ID", "must be the id of a message of this stream")
                    .exception();
        }
    }

    private static StreamStart start(Request request) {
        String start = request.parameter("start");
        if (start == null || start.equals("snapshot")) {
            return StreamStart.snapshot();
        }
        if (start.equals("now")) {
            return StreamStart.now();
        }
        try {
            return StreamStart.after(Position.parse(start));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("start", "must be snapshot, now, or a position")
                    .exception();
        }
    }
}
