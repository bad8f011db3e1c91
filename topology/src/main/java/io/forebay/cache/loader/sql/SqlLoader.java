package io.forebay.cache.loader.sql;

import io.forebay.cache.loader.Loaded;
import io.forebay.cache.loader.Loader;
import io.forebay.schemas.path.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Loads what a statement answers. Parts of the key are bound to its parameters and are never part of its text. */
public final class SqlLoader implements Loader {
    private static final String JSON = "application/json";

    private final Database database;
    private final SqlQuery query;

    /** The loader of one cache. */
    public SqlLoader(Database database, SqlQuery query) {
        this.database = database;
        this.query = query;
    }

    @Override
    public @Nullable String unfit(List<String> parts) {
        return query.key().matches(Path.of(parts)) ? null : "meets " + query.key() + ", which is what the cache loads";
    }

    @Override
    public CompletableFuture<Loaded> load(List<String> parts) {
        CompletableFuture<byte[]> rows = database.ask(query, parts);
        CompletableFuture<Loaded> loading = rows.thenApply(json -> new Loaded(json, JSON, List.of()));
        var unused = loading.whenComplete((loaded, failed) -> rows.cancel(true));
        return loading;
    }
}
