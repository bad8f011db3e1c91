package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresencePage;
import io.forebay.presence.state.PresenceKeys;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Snowflake;
import io.forebay.schemas.position.Position;
import io.forebay.stream.EventSink;
import io.forebay.stream.Feed;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.SnapshotPager;
import io.forebay.stream.StreamHub;
import io.forebay.stream.StreamRequest;
import io.forebay.stream.StreamStart;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** The stream of a guild: its presences as they are, then every change. */
final class PresenceStream {
    private static final int GUILD_BYTES = PresenceKeys.ADDRESS_BYTES / 2;

    private final StreamHub hub;
    private final Feed feed;
    private final Router router;
    private final StoreRef store;
    private final PresenceHttpConfig config;

    PresenceStream(StreamHub hub, Feed feed, Router router, StoreRef store, PresenceHttpConfig config) {
        this.hub = hub;
        this.feed = feed;
        this.router = router;
        this.store = store;
        this.config = config;
    }

    CompletionStage<Response> open(Request request) {
        Snowflake guild = Ids.path(request, "guild");
        if (!request.wantsEvents()) {
            throw Problem.of(
                            406,
                            "not_acceptable",
                            "The path answers event streams only",
                            "ask with Accept: text/event-stream, or list with GET /v1/presences?guild=")
                    .exception();
        }
        StreamRequest stream = new StreamRequest(
                feed,
                new TreeSet<>(List.of(store.source().partitionFor(guild.toPath()))),
                change -> Arrays.equals(change.key(), 0, GUILD_BYTES, guild.toBytes(), 0, GUILD_BYTES),
                pager(guild),
                start(request),
                request.header("Last-Event-ID"));
        return CompletableFuture.completedFuture(Response.events(sink -> open(stream, sink)));
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

    private SnapshotPager pager(Snowflake guild) {
        return (partition, cursor, atLeast) -> {
            byte[] after = (byte[]) cursor;
            ListPresences query = new ListPresences(guild.value(), null, null, List.of(), after, config.snapshotPage());
            TopicPartition source = new TopicPartition(store.source().name(), partition);
            ReadOptions options = ReadOptions.within(config.readTimeout())
                    .atLeast(atLeast < 0 ? Position.empty() : Position.of(source, atLeast));
            return router.ask(store, partition, query, options)
                    .thenApply(answer -> page(answer.value(), answer.position()));
        };
    }

    private static SnapshotPage page(PresencePage page, long position) {
        byte[] scannedTo = page.scannedTo();
        byte[] json = PresenceJson.snapshot(page.entries());
        return scannedTo == null
                ? new SnapshotPage(json, new byte[0], true, position, null)
                : new SnapshotPage(json, scannedTo, false, position, scannedTo);
    }
}
