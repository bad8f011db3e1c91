package io.forebay.keys.http;

import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.stream.Feed;

/** The calls of keys, to be served with no cluster behind them. */
public final class KeysCalls {
    private KeysCalls() {}

    public static Resource on(CallsServer server) {
        return new KeysResource(
                KeysFlow.store(server.catalogue()),
                server.router(),
                server.sender(),
                server.transactions(),
                server.outcomes(),
                server.serdes().serializer(KeyCommand.class),
                server.hub(),
                new Feed(
                        server.catalogue().keys().name(),
                        server.catalogue().keysSync().name(),
                        new KeyChangeCodec(server.serdes().deserializer(KeyChanged.class))),
                KeysHttpConfig.of(KeysConfig.defaults()));
    }
}
