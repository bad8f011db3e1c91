package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.StreamCalls;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresencePage;
import io.forebay.presence.state.PresenceKeys;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Snowflake;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.SnapshotPager;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** The stream of a guild: its presences as they are, then every change. */
final class PresenceStream {
    private static final int GUILD_BYTES = PresenceKeys.ADDRESS_BYTES / 2;

    private final StreamCalls streams;
    private final StoreRef store;
    private final PresenceHttpConfig config;

    PresenceStream(StreamCalls streams, StoreRef store, PresenceHttpConfig config) {
        this.streams = streams;
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
        return streams.open(
                request,
                new TreeSet<>(List.of(store.source().partitionFor(guild.toPath()))),
                change -> Arrays.equals(change.key(), 0, GUILD_BYTES, guild.toBytes(), 0, GUILD_BYTES),
                pager(guild));
    }

    private SnapshotPager pager(Snowflake guild) {
        return (partition, cursor, atLeast) -> {
            byte[] after = (byte[]) cursor;
            ListPresences query = new ListPresences(guild.value(), null, null, List.of(), after, config.snapshotPage());
            return streams.page(partition, query, atLeast).thenApply(answer -> page(answer.value(), answer.position()));
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
