package io.forebay.stream;

import org.jspecify.annotations.Nullable;

/**
 * The write side of one event stream. The hub calls it from one thread at a time, never from two at once; the callbacks may come on any thread and
 * are cheap.
 */
public interface EventSink {

    /** Whether the reader lags so far behind that nothing more should be sent until {@link #onDrain}. */
    boolean isFull();

    /**
     * Sends one message. A message with an id alone is a heartbeat: it moves the reader's last event id and dispatches nothing.
     *
     * @param id the stream token after this message, absent to leave the reader's last id as it is
     * @param event the message's type, absent for a heartbeat
     * @param data the message's JSON in UTF-8 without line breaks, absent for a heartbeat
     */
    void send(@Nullable String id, @Nullable String event, byte @Nullable [] data);

    /** Registers what runs each time the sink stops being full. Called once, before the first message. */
    void onDrain(Runnable action);

    /** Registers what runs once when the stream has ended, from whichever side; at once if it already has. Called once. */
    void onClose(Runnable action);

    /** Ends the stream after what was sent. Idempotent. */
    void close();
}
