package io.forebay.cache.http;

import io.forebay.cache.CacheConfig;
import io.forebay.cache.CacheLoaders;
import io.forebay.cache.CacheStats;
import io.forebay.cache.LoadersConfig;
import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.KeyCommand;

/** The calls of caches, to be served with no cluster behind them. */
public final class CacheCalls {
    private CacheCalls() {}

    public static Resource on(CallsServer server) {
        return new CacheResource(
                KeysFlow.store(server.catalogue()),
                server.catalogue().changes(),
                server.router(),
                server.sender(),
                server.transactions(),
                server.outcomes(),
                server.serdes().serializer(KeyCommand.class),
                CacheHttpConfig.of(CacheConfig.defaults(), KeysConfig.defaults()),
                CacheLoaders.open(
                        LoadersConfig.defaults(), KeysConfig.defaults().valueMaxBytes(), null, (name, database) -> {}),
                new CacheStats((cache, counts) -> {}),
                System::nanoTime);
    }
}
