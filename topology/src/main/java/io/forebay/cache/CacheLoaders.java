package io.forebay.cache;

import io.forebay.cache.loader.Loaders;
import io.forebay.cache.loader.Loaders.Tagged;
import io.forebay.cache.loader.TagTemplates;
import io.forebay.cache.loader.http.HttpLoader;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;

/** Makes the loaders that are configured. */
public final class CacheLoaders {
    private CacheLoaders() {}

    /**
     * Makes them; nothing is asked yet.
     *
     * @param valueMaxBytes of one value
     */
    public static Loaders open(LoadersConfig config, int valueMaxBytes) {
        HttpClient client = HttpLoader.client(config.timeout());
        Map<String, Tagged> loaders = new HashMap<>();
        config.origins()
                .forEach((cache, origin) -> loaders.put(
                        cache,
                        new Tagged(
                                new HttpLoader(client, origin, config.timeout(), valueMaxBytes),
                                config.tags().getOrDefault(cache, TagTemplates.none()))));
        return new Loaders(loaders, config.timeout(), config.mostLoads(), () -> {});
    }
}
