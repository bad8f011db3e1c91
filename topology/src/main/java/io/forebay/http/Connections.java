package io.forebay.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The connections and requests of one event loop, and how long each may take for what it is doing. A caller that sends one
 * byte a second is never idle to a timer that every byte restarts, so what is measured is progress: a head complete,
 * another 16 KiB of a body, an answer read. Before its first head a connection is not known here, and only the library's
 * own timer watches it. Confined to its event loop.
 */
final class Connections {
    private static final int PROGRESS_BYTES = 16 * 1024;

    private final long idleNanos;
    private final long bodyNanos;
    private final long writeNanos;
    private final Map<HttpConnection, Connection> open = new HashMap<>();
    private final Set<Progress> exchanges = new HashSet<>();

    Connections(HttpConfig config) {
        idleNanos = nanos(config.timeouts().idle());
        bodyNanos = nanos(config.timeouts().body());
        writeNanos = nanos(config.timeouts().write());
    }

    private static final class Connection {
        int requests;
        long since = System.nanoTime();
    }

    /** What one request is doing, with the clock of that. */
    abstract static class Progress {
        private enum Phase {
            READING,
            HANDLING,
            WRITING
        }

        private Phase phase = Phase.HANDLING;
        private long since;
        private long bytes;

        final void reading() {
            enter(Phase.READING);
        }

        final void handling() {
            enter(Phase.HANDLING);
        }

        final void writing() {
            enter(Phase.WRITING);
        }

        final void received(int count) {
            bytes += count;
            if (bytes >= PROGRESS_BYTES) {
                enter(Phase.READING);
            }
        }

        private void enter(Phase next) {
            phase = next;
            since = System.nanoTime();
            bytes = 0;
        }

        /** The body does not come. */
        abstract void bodyTimedOut();

        /** The answer is not read. */
        abstract void writeTimedOut();
    }

    void opened(HttpConnection connection) {
        open.put(connection, new Connection());
        connection.closeHandler(v -> open.remove(connection));
    }

    void begun(HttpConnection connection, Progress exchange) {
        exchanges.add(exchange);
        Connection known = open.get(connection);
        if (known != null) {
            known.requests++;
        }
    }

    void ended(HttpConnection connection, Progress exchange) {
        Connection known = open.get(connection);
        if (exchanges.remove(exchange) && known != null) {
            known.requests--;
            known.since = System.nanoTime();
        }
    }

    /** Ends what has taken too long. */
    void sweep() {
        long now = System.nanoTime();
        for (Map.Entry<HttpConnection, Connection> entry : Map.copyOf(open).entrySet()) {
            Connection known = entry.getValue();
            if (known.requests == 0 && now - known.since > idleNanos) {
                entry.getKey().close();
            }
        }
        Iterator<Progress> all = Set.copyOf(exchanges).iterator();
        while (all.hasNext()) {
            Progress exchange = all.next();
            if (exchange.phase == Progress.Phase.READING && now - exchange.since > bodyNanos) {
                exchange.bodyTimedOut();
            } else if (exchange.phase == Progress.Phase.WRITING && now - exchange.since > writeNanos) {
                exchange.writeTimedOut();
            }
        }
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }
}
