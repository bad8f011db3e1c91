package io.forebay.http;

import io.forebay.stream.EventSink;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event stream on the wire, in the format of the HTML standard, section 9.2. Senders on any thread only queue bytes;
 * one task on the connection's event loop takes what has gathered and writes it as one piece, so that a burst costs one
 * write. What counts as full is what has not reached the socket yet: bytes queued here and bytes that the library holds.
 *
 * <p>A stream lasts no longer than the identity it was opened with, or a token would open for ever what it opens for an
 * hour. It is ended here, whoever sends, by a {@code disconnect} without an id: what the reader goes on after is the last
 * message that it got.
 */
final class EventStreamSink implements EventSink {
    private static final int MAX_PIECE = 64 * 1024;
    private static final byte[] RETRY = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPIRED =
            "event: disconnect\ndata: {\"reason\":\"token_expired\"}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpServerResponse response;
    private final Context context;
    private final int capacity;
    private final @Nullable Instant end;
    private final Consumer<EventStreamSink> afterwards;
    private final Queue<Buffer> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong pending = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean whenClosedRan = new AtomicBoolean();
    private volatile boolean started;
    private volatile @Nullable Runnable drained;
    private volatile @Nullable Runnable whenClosed;

    /**
     * A sink over a response whose head is set but not written; made before the stream is opened.
     *
     * @param end from when on the reader's identity does not hold any more, null if it has no end
     * @param afterwards told once when the stream has ended
     */
    EventStreamSink(
            HttpServerResponse response,
            Context context,
            int capacity,
            @Nullable Instant end,
            Consumer<EventStreamSink> afterwards) {
        this.response = response;
        this.afterwards = afterwards;
        this.context = context;
        this.capacity = capacity;
        this.end = end;
        enqueue(Buffer.buffer(RETRY));
    }

    /** Writes the head and what was sent so far; until then nothing of the answer is decided. On the event loop. */
    void start() {
        response.setChunked(true);
        response.exceptionHandler(e -> ended());
        response.closeHandler(v -> ended());
        started = true;
        schedule();
    }

    /** Ends a stream that was never started. */
    void abandon() {
        ended();
    }

    @Override
    public boolean isFull() {
        if (pending.get() <= capacity) {
            return false;
        }
        waiting.set(true);
        if (pending.get() > capacity / 2) {
            return true;
        }
        waiting.set(false);
        return false;
    }

    @Override
    public void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
        if (closing.get()) {
            return;
        }
        Buffer message = Buffer.buffer((data == null ? 0 : data.length) + 64);
        if (id != null) {
            message.appendString("id: ").appendString(id).appendByte((byte) '\n');
        }
        if (event != null) {
            message.appendString("event: ").appendString(event).appendByte((byte) '\n');
        }
        if (data != null) {
            appendLines(message, data);
        }
        enqueue(message.appendByte((byte) '\n'));
    }

    /** A line break inside the data would end the field, so each line is a field of its own; the reader joins them. */
    private static void appendLines(Buffer message, byte[] data) {
        int start = 0;
        for (int i = 0; i <= data.length; i++) {
            if (i == data.length || data[i] == '\n' || data[i] == '\r') {
                message.appendString("data: ")
                        .appendBytes(data, start, i - start)
                        .appendByte((byte) '\n');
                if (i + 1 < data.length && data[i] == '\r' && data[i + 1] == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
    }

    @Override
    public void onDrain(Runnable handler) {
        drained = handler;
    }

    @Override
    public void onClose(Runnable handler) {
        whenClosed = handler;
        if (closed.get() && whenClosedRan.compareAndSet(false, true)) {
            handler.run();
        }
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            schedule();
        }
    }

    /** Ends the stream if its reader's identity does not hold any more. */
    void endIfExpired(Instant now) {
        if (end != null && !now.isBefore(end) && !closing.get()) {
            // On the event loop, so that the message is queued before the end is written.
            context.runOnContext(v -> {
                if (closing.compareAndSet(false, true)) {
                    enqueue(Buffer.buffer(EXPIRED));
                }
            });
        }
    }

    private void enqueue(Buffer message) {
        pending.addAndGet(message.length());
        queue.add(message);
        schedule();
    }

    private void schedule() {
        if (started && scheduled.compareAndSet(false, true)) {
            context.runOnContext(v -> flush());
        }
    }

    private void flush() {
        scheduled.set(false);
        boolean last = closing.get();
        Buffer piece = Buffer.buffer();
        for (Buffer message = queue.poll(); message != null; message = queue.poll()) {
            piece.appendBuffer(message);
            if (piece.length() >= MAX_PIECE) {
                write(piece);
                piece = Buffer.buffer();
            }
        }
        if (piece.length() > 0) {
            write(piece);
        }
        if (last && !closed.get()) {
            response.end().onComplete(done -> ended());
        }
    }

    private void write(Buffer piece) {
        if (closed.get()) {
            return;
        }
        int length = piece.length();
        response.write(piece).onComplete(done -> {
            if (done.failed()) {
                ended();
            } else if (pending.addAndGet(-length) <= capacity / 2 && waiting.compareAndSet(true, false)) {
                Runnable handler = drained;
                if (handler != null) {
                    handler.run();
                }
            }
        });
    }

    private void ended() {
        closing.set(true);
        if (closed.compareAndSet(false, true)) {
            queue.clear();
            afterwards.accept(this);
            Runnable handler = whenClosed;
            if (handler != null && whenClosedRan.compareAndSet(false, true)) {
                handler.run();
            }
        }
    }
}
