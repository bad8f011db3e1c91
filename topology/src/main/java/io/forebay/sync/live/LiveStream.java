package io.forebay.sync.live;

import io.forebay.records.patch.ValuePatch;
import io.forebay.records.sync.LoadLimitException;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.stream.EventSink;
import io.forebay.stream.SerialTasks;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of the stream of a subscriber's changes the stream of a value: {@code snapshot} with the value, then a {@code patch} (RFC 6902) whenever it
 * is another. What comes as one unit is one patch, and while rows that belong to it are still to be told, a value is not shown.
 *
 * <p>Loading and comparing take as long as the value is large, so they are not done where all streams are sent, but one after the other on threads
 * of their own; what comes in meanwhile is made one patch.
 *
 * <p>What is in memory of the value ends with the stream, so it cannot be resumed: who comes back gets another snapshot.
 */
public final class LiveStream implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);
    private static final byte[] MUST_REFETCH = json("{\"reason\":\"other_stream\"}");

    /** Has the value be followed. */
    public interface Source {

        /** Begins: nothing that is told from now on is missed. */
        void begin(LiveStream stream);

        /** Ends, whether it began or not. */
        void end();
    }

    /** Messages that wait before the hub is asked to. */
    private static final int FULL = 1_000;

    /** Messages that are taken before the value is told though more wait. */
    private static final int MOST_AT_ONCE = 1_000;

    private final EventSink reader;
    private final LiveCopy copy;
    private final boolean isReturning;
    private final Source source;
    private final SerialTasks tasks;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private volatile Runnable drained = () -> {};

    private @Nullable String id;
    private @Nullable Value told;
    private boolean placed;
    private boolean inUnit;
    private boolean changed;
    private boolean ended;
    private int taken;

    /**
     * The sink to open a subscriber's stream with.
     *
     * @param reader who gets the value
     * @param isReturning whether he had an earlier stream, which does not go on
     * @param executor runs what takes long
     */
    public LiveStream(EventSink reader, LiveCopy copy, boolean isReturning, Executor executor, Source source) {
        this.reader = reader;
        this.copy = copy;
        this.isReturning = isReturning;
        this.source = source;
        this.tasks = new SerialTasks(executor, this::fail, reader::close);
    }

    @Override
    public boolean isFull() {
        boolean isFull = waiting.get() >= FULL;
        if (isFull) {
            full.set(true);
        }
        return isFull || reader.isFull();
    }

    @Override
    public void onDrain(Runnable action) {
        drained = action;
        reader.onDrain(action);
    }

    @Override
    public void onClose(Runnable action) {
        reader.onClose(() -> {
            source.end();
            action.run();
        });
    }

    @Override
    public void close() {
        tasks.add(reader::close);
    }

    @Override
    public void send(@Nullable String newId, @Nullable String event, byte @Nullable [] data) {
        waiting.incrementAndGet();
        tasks.add(() -> {
            int left = waiting.decrementAndGet();
            if (left <= FULL / 2 && full.compareAndSet(true, false)) {
                drained.run();
            }
            if (!ended) {
                take(newId, event, data, left);
            }
        });
    }

    private void take(@Nullable String newId, @Nullable String event, byte @Nullable [] data, int left) {
        if (event == null) {
            reader.send(newId, null, null);
        } else if (event.equals("change") && data != null) {
            copy.take(JsonObject.parse(data, LIMITS));
            changed = true;
            // The last of a unit moves the id.
            inUnit = newId == null || newId.equals(id);
            taken++;
        } else if (event.equals("caught-up") && !placed) {
            placed = true;
            if (isReturning) {
                reader.send(newId, "must-refetch", MUST_REFETCH);
            }
            source.begin(this);
        } else if (event.equals("disconnect")) {
            ended = true;
            reader.send(newId, event, data);
        } else {
            // What was told is not on the topic any more.
            end("unavailable");
        }
        id = newId == null ? id : newId;
        if (!inUnit && changed && (left == 0 || taken >= MOST_AT_ONCE)) {
            tell();
        }
    }

    private void tell() {
        taken = 0;
        if (!copy.isWhole()) {
            return;
        }
        changed = false;
        Value now = copy.value();
        Value before = told;
        told = now;
        if (before == null) {
            reader.send(id, "snapshot", ValueJson.write(now).rawBytes());
        } else {
            String patch = ValuePatch.between(before, now);
            if (!patch.equals("[]")) {
                reader.send(id, "patch", json(patch));
            }
        }
    }

    /** Ends the stream if nothing has been told by now. */
    public void endUnlessTold() {
        tasks.add(() -> {
            if (told == null) {
                end("snapshot_unavailable");
            }
        });
    }

    private void fail(RuntimeException failure) {
        if (failure instanceof LoadLimitException) {
            end("too_large");
        } else {
            LOG.error("A live value failed", failure);
            end("internal_error");
        }
    }

    /** Ends the stream for a reason. */
    public void fail(String reason) {
        tasks.add(() -> end(reason));
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            reader.send(null, "disconnect", json("{\"reason\":\"" + reason + "\"}"));
            reader.close();
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
