package io.forebay.cache.http;

import io.forebay.cache.query.Looked;
import io.forebay.schemas.path.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which reads are worth a record: one of an entry in a tenth of its shortest lifetime, so an entry may seem to have been read
 * up to that much earlier than it was. A touch that was sent counts before it is in the log.
 */
final class Touches {
    /** Entries whose last touch is remembered; of others the log's counts. */
    private static final int MOST = 10_000;

    private final Map<Path, Long> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Long> eldest) {
            return size() > MOST;
        }
    };

    /** Whether a read is to be told; if so it counts as told. */
    synchronized boolean isDue(Path key, Looked looked, @Nullable Long lifetime) {
        long last = Math.max(looked.touched(), sent.getOrDefault(key, Long.MIN_VALUE));
        if (looked.now() - last < Math.max(1, looked.betweenTouches(lifetime))) {
            return false;
        }
        sent.remove(key);
        sent.put(key, looked.now());
        return true;
    }
}
