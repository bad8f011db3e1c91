package io.forebay.it.stream;

import io.forebay.stream.EventSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A reader that keeps what it is sent. */
final class CollectingSink implements EventSink {

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private volatile Runnable ended = () -> {};
    private volatile Runnable drained = () -> {};
    private volatile boolean full;
    private volatile boolean closed;

    record Message(@Nullable String id, @Nullable String event, String data) {}

    List<String> events() {
        return messages.stream()
                .filter(message -> message.event() != null)
                .map(message -> message.event() + " " + message.data())
                .toList();
    }

    List<String> changes() {
        return messages.stream()
                .filter(message -> "change".equals(message.event()))
                .map(Message::data)
                .toList();
    }

    @Nullable
    String lastId() {
        return messages.isEmpty() ? null : messages.get(messages.size() - 1).id();
    }

    boolean isOpen() {
        return !messages.isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    void disconnect() {
        ended.run();
    }

    void fill(boolean now) {
        full = now;
        if (!now) {
            drained.run();
        }
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
        messages.add(new Message(id, event, data == null ? "" : new String(data, StandardCharsets.UTF_8)));
    }

    @Override
    public void onDrain(Runnable action) {
        drained = action;
    }

    @Override
    public void onClose(Runnable action) {
        ended = action;
    }

    @Override
    public void close() {
        closed = true;
    }
}
