package io.forebay.presence.http;

import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.presence.PresenceConfig;
import io.forebay.presence.PresenceFlow;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.stream.Feed;

/** The presence calls, to be served with no cluster behind them. */
public final class PresenceCalls {
    private PresenceCalls() {}

    public static Resource on(CallsServer server) {
        return new PresenceResource(
                PresenceFlow.store(server.catalogue()),
                server.router(),
                server.sender(),
                server.outcomes(),
                server.serdes().serializer(PresenceCommand.class),
                server.hub(),
                new Feed(
                        server.catalogue().presence().name(),
                        server.catalogue().presenceSync().name(),
                        new PresenceChangeCodec(server.serdes().deserializer(PresenceChanged.class))),
                PresenceHttpConfig.of(PresenceConfig.defaults()));
    }
}
