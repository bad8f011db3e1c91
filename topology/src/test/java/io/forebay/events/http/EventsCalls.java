package io.forebay.events.http;

import io.forebay.events.EventsConfig;
import io.forebay.events.EventsFlow;
import io.forebay.events.state.EventValues;
import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;

/** The calls of events, to be served with no cluster behind them. */
public final class EventsCalls {
    private EventsCalls() {}

    public static Resource on(CallsServer server) {
        return on(server, server.catalogue());
    }

    /** With other topics than the server's. */
    static Resource on(CallsServer server, TopicCatalogue catalogue) {
        EventValues values = new EventValues(catalogue, server.serdes());
        EventsHttpConfig config = EventsHttpConfig.of(EventsConfig.defaults());
        EventOpening opening =
                new EventOpening(server.router(), EventsFlow.keys(catalogue), values, config.readTimeout());
        return new EventsResource(
                EventsFlow.log(catalogue),
                EventsFlow.decisions(catalogue),
                server.router(),
                server.sender(),
                server.transactions(),
                server.outcomes(),
                server.serdes().serializer(EventCommand.class),
                opening,
                server.hub(),
                new Feed(
                        catalogue.events().name(),
                        catalogue.eventLog().name(),
                        new EventChangeCodec(values, catalogue.events().name()),
                        true,
                        new EventChangeOpener(opening, catalogue.events().name(), System::nanoTime)),
                config);
    }
}
