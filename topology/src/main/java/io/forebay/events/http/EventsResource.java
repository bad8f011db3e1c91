package io.forebay.events.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.StreamCalls;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.serialization.Serializer;

/** Every call of events. */
public final class EventsResource implements Resource {
    private static final String ALL = "/v1/events";
    private static final String STREAM = "/v1/events/{domain}/{instance}";

    private final EventWrites writes;
    private final EventReads reads;
    private final EventStream stream;
    private final EventsHttpConfig config;

    /**
     * The calls.
     *
     * @param log the log of events
     * @param decisions the store that decides appends
     * @param transactions sends what concerns several partitions
     * @param serializer writes the values of the input topic
     * @param opening reads the log's values
     * @param feed the log's changelog and {@link EventChangeCodec}
     */
    public EventsResource(
            StoreRef log,
            StoreRef decisions,
            Router router,
            CommandSender sender,
            TransactionalSender transactions,
            Outcomes outcomes,
            Serializer<EventCommand> serializer,
            EventOpening opening,
            StreamHub hub,
            Feed feed,
            EventsHttpConfig config) {
        this.writes = new EventWrites(
                new CommandCalls<>(sender, outcomes, decisions, serializer, config.outcomeTimeout()),
                transactions,
                decisions.source(),
                config);
        this.reads = new EventReads(router, log, opening, config);
        this.stream = new EventStream(
                new StreamCalls(hub, feed, router, log, config.readTimeout()), reads, log.source(), config);
        this.config = config;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.of("POST", ALL, writes::append)
                .body(Route.Body.json(config.bodyBytes()))
                .onWorker());
        routes.add(Route.get(ALL, this::list)
                .parameters(
                        "type",
                        "domain",
                        "instance_id",
                        "from",
                        "to",
                        "limit",
                        "offset",
                        "cursor",
                        "direction",
                        "as_of",
                        "explain",
                        "allow-partial",
                        "max-staleness",
                        "start")
                .streaming());
        routes.add(Route.get(STREAM, this::stream)
                .parameters("from_version", "direction", "limit", "as_of", "explain", "max-staleness", "start")
                .streaming());
        routes.add(Route.of("DELETE", STREAM, writes::erase));
    }

    private CompletionStage<Response> list(Request request) {
        if (request.wantsEvents()) {
            return stream.open(request, EventSelection.of(request));
        }
        refuseStart(request);
        return reads.list(request);
    }

    private CompletionStage<Response> stream(Request request) {
        if (request.wantsEvents()) {
            return stream.open(request, EventSelection.of(EventSelection.stream(request)));
        }
        refuseStart(request);
        return reads.stream(request);
    }

    private static void refuseStart(Request request) {
        if (request.parameter("start") != null) {
            throw Problem.invalid("start", "is taken by a stream only").exception();
        }
    }
}
