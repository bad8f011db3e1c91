package io.forebay.events.http;

import io.forebay.events.EventsConfig;
import io.forebay.events.EventsFlow;
import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.RecordedEvent;
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
        return new EventsResource(
                EventsFlow.log(catalogue),
                EventsFlow.decisions(catalogue),
                server.router(),
                server.sender(),
                server.transactions(),
                server.outcomes(),
                server.serdes().serializer(EventCommand.class),
                server.serdes().deserializer(RecordedEvent.class),
                server.hub(),
                new Feed(
                        catalogue.events().name(),
                        catalogue.eventLog().name(),
                        new EventChangeCodec(
                                server.serdes().deserializer(RecordedEvent.class),
                                catalogue.events().name()),
                        true),
                EventsHttpConfig.of(EventsConfig.defaults()));
    }
}
