package io.forebay.stream;

import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends a stream's messages, and watches for how long its reader took nothing or got nothing. */
final class Outbox {

    private final EventSink sink;
    private final StreamHubConfig config;
    private final LongSupplier nanoTime;
    private final Counters counters;
    private boolean full;
    private long fullSince;
    private long lastSent;

    Outbox(EventSink sink, StreamHubConfig config, LongSupplier nanoTime, Counters counters) {
        this.sink = sink;
        this.config = config;
        this.nanoTime = nanoTime;
        this.counters = counters;
        this.lastSent = nanoTime.getAsLong();
    }

    boolean isFull() {
        return sink.isFull();
    }

    void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
        sink.send(id, event, data);
        lastSent = nanoTime.getAsLong();
        if (event != null) {
            counters.sent();
        }
    }

    /** Whether the reader has left its stream full for longer than it may; to be asked every so often. */
    boolean isStuck() {
        if (!sink.isFull()) {
            full = false;
            return false;
        }
        long now = nanoTime.getAsLong();
        if (!full) {
            full = true;
            fullSince = now;
            return false;
        }
        return now - fullSince >= config.slowAfter().toNanos();
    }

    /** Whether the reader has got nothing for so long that it is due a heartbeat. */
    boolean isSilent() {
        return !full && nanoTime.getAsLong() - lastSent >= config.heartbeat().toNanos();
    }

    void close() {
        sink.close();
    }

    /** The data of a message that says one thing; neither needs escaping. */
    static byte[] json(String name, String value) {
        return ("{\"" + name + "\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
