package io.forebay.cache;

import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.forebay.cache.loader.Loader;
import io.forebay.cache.loader.Loaders;
import io.forebay.cache.loader.Loaders.Tagged;
import io.forebay.cache.loader.TagTemplates;
import io.forebay.cache.loader.http.HttpLoader;
import io.forebay.cache.loader.sql.Database;
import io.forebay.cache.loader.sql.SqlLoader;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the loaders that are configured. */
public final class CacheLoaders {
    private CacheLoaders() {}

    /**
     * Makes them; nothing is asked and nothing connected to yet.
     *
     * @param valueMaxBytes of one value
     * @param pools measures the pools of databases; null for nobody
     * @param databases is told of each database, by the name of its data source
     */
    public static Loaders open(
            LoadersConfig config,
            int valueMaxBytes,
            @Nullable MetricsTrackerFactory pools,
            BiConsumer<String, Database> databases) {
        HttpClient client = HttpLoader.client(config.timeout());
        Map<String, Database> open = new HashMap<>();
        config.dataSources().forEach((name, source) -> {
            Database database = new Database(name, source, valueMaxBytes, pools);
            open.put(name, database);
            databases.accept(name, database);
        });
        Map<String, Loader> loaders = new HashMap<>();
        config.origins()
                .forEach((cache, origin) ->
                        loaders.put(cache, new HttpLoader(client, origin, config.timeout(), valueMaxBytes)));
        config.queries()
                .forEach((cache, query) ->
                        loaders.put(cache, new SqlLoader(Objects.requireNonNull(open.get(query.dataSource())), query)));
        Map<String, Tagged> tagged = new HashMap<>();
        loaders.forEach((cache, loader) ->
                tagged.put(cache, new Tagged(loader, config.tags().getOrDefault(cache, TagTemplates.none()))));
        return new Loaders(
                tagged,
                config.timeout(),
                config.mostLoads(),
                () -> open.values().forEach(Database::close));
    }
}
