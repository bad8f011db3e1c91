package io.forebay.cache.query;

import io.forebay.cache.state.Freshness;
import io.forebay.cache.state.Loads;
import io.forebay.keys.state.KeyReader;
import io.forebay.keys.state.StoredKey;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a cache, as a reader finds it.
 *
 * @param key its canonical path, the cache's namespace included
 * @param lifetime how old it may be, in seconds; null when any age will do
 */
public record LookUp(String key, @Nullable Long lifetime) implements StoreQuery<Looked> {

    @Override
    public Looked evaluate(StoreView view) {
        Path path = Path.parse(key);
        StoredKey entry = KeyReader.of(view).read(path);
        boolean loading = Loads.isUnderWay(view, path);
        if (entry == null || !Freshness.isFresh(entry.touched(), lifetime, view.now())) {
            return new Looked(null, null, 0, 0, view.now(), loading);
        }
        return new Looked(entry.value(), entry.contentType(), entry.touched(), entry.lifetime(), view.now(), loading);
    }
}
