package io.forebay.cache.http;

import io.forebay.schemas.path.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Which stale entries this instance is having loaded anew: of all the calls that find an entry stale one at a time asks for
 * its lease, and what goes on behind the answers is bounded. Beyond the bound an entry stays as it is for now.
 */
final class Refreshes {
    private final Set<Path> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore free;

    /**
     * None so far.
     *
     * @param most at a time
     */
    Refreshes(int most) {
        this.free = new Semaphore(most);
    }

    /** Whether the caller is to begin; if so {@link #end} follows. */
    boolean begin(Path key) {
        if (!free.tryAcquire()) {
            return false;
        }
        if (!underWay.add(key)) {
            free.release();
            return false;
        }
        return true;
    }

    void end(Path key) {
        underWay.remove(key);
        free.release();
    }
}
