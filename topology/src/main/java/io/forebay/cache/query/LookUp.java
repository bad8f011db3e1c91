package io.forebay.cache.query;

import io.forebay.cache.state.Freshness;
import io.forebay.cache.state.Lease;
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
 * @param staleFor for how long after that it is answered while it is loaded anew, in milliseconds
 */
public record LookUp(String key, @Nullable Long lifetime, long staleFor) implements StoreQuery<Looked> {

    @Override
    public Looked evaluate(StoreView view) {
        Path path = Path.parse(key);
        StoredKey entry = KeyReader.of(view).read(path);
        Lease lease = Loads.find(view, path);
        boolean loading = lease != null && lease.isHeld();
        boolean paused = lease != null && !lease.isHeld();
        long now = view.now();
        boolean stale = entry != null && Freshness.isStale(entry.touched(), lifetime, staleFor, now);
        if (entry == null || !(stale || Freshness.isFresh(entry.touched(), lifetime, now))) {
            return new Looked(null, null, 0, 0, now, false, loading, paused);
        }
        return new Looked(
                entry.value(), entry.contentType(), entry.touched(), entry.lifetime(), now, stale, loading, paused);
    }
}
