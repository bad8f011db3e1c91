package io.forebay.http;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The event streams that are open, so that there are not too many and a stopping server can end them. */
final class OpenStreams {
    private final int max;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<EventStreamSink> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    OpenStreams(int max) {
        this.max = max;
    }

    int count() {
        return count.get();
    }

    /** Whether one more may open; if so it counts from now on. */
    boolean admit() {
        if (count.incrementAndGet() <= max && !stopping) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    void opened(EventStreamSink sink) {
        open.add(sink);
        if (stopping) {
            sink.close();
        }
    }

    void closed(EventStreamSink sink) {
        if (open.remove(sink)) {
            count.decrementAndGet();
        }
    }

    /** Ends those whose identity does not hold any more. */
    void endExpired(Instant now) {
        open.forEach(sink -> sink.endIfExpired(now));
    }

    void closeAll() {
        stopping = true;
        open.forEach(EventStreamSink::close);
    }
}
