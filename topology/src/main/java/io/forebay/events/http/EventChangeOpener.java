package io.forebay.events.http;

import io.forebay.events.EventJson;
import io.forebay.events.state.EventLead;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.stream.ChangeOpener;
import io.forebay.stream.StreamChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Opens sealed events that are told as they are appended. A key is kept for a second, for all streams of the instance: so an
 * erasure is in force on streams that are open within a second, and on one that is opened after it at once, since a stream
 * takes no key that was asked for before it began. When a key has to be asked for, so are those of the events that come
 * next, so that a stream which is behind makes one hop for many of them.
 */
public final class EventChangeOpener implements ChangeOpener {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    /** Streams whose keys are asked for at once, unless one command appended to more. */
    private static final int MOST_ASKED = 500;

    private final EventOpening opening;
    private final String input;
    private final LongSupplier nanoTime;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /**
     * An opener for all streams of an instance.
     *
     * @param input name of the topic whose positions events tell
     * @param nanoTime the clock that the hub was given
     */
    public EventChangeOpener(EventOpening opening, String input, LongSupplier nanoTime) {
        this.opening = opening;
        this.input = input;
        this.nanoTime = nanoTime;
    }

    /**
     * A key that may be used again.
     *
     * @param asked when it was asked for
     */
    private record Kept(InstanceKey key, long asked) {}

    @Override
    public CompletionStage<List<byte[]>> open(
            int partition, List<StreamChange> changes, Iterable<StreamChange> ahead, long since) {
        List<RecordedEvent> events =
                changes.stream().map(change -> opening.event(change.json())).toList();
        Map<String, InstanceKey> found = new HashMap<>();
        Set<String> missing = new LinkedHashSet<>();
        for (RecordedEvent event : events) {
            String stream = EventOpening.stream(event);
            Kept one = kept.get(stream);
            if (one != null && one.asked() - since >= 0 && one.key().getKeyVersion() >= event.getSealedBy()) {
                found.put(stream, one.key());
            } else {
                missing.add(stream);
            }
        }
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(json(events, found));
        }
        long asked = nanoTime.getAsLong();
        long reached = changes.get(changes.size() - 1).sourceOffset();
        for (StreamChange change : ahead) {
            if (missing.size() >= MOST_ASKED) {
                break;
            }
            EventLead event = EventLead.of(change.json());
            missing.add(Path.of(event.domain(), event.instanceId()).toString());
            reached = Math.max(reached, change.sourceOffset());
        }
        return opening.keys(partition, missing, Position.of(new TopicPartition(input, partition), reached))
                .thenApply(keys -> {
                    keys.forEach((stream, key) -> keep(stream, new Kept(key, asked)));
                    found.putAll(keys);
                    return json(events, found);
                });
    }

    private void keep(String stream, Kept key) {
        kept.put(stream, key);
        LATER.execute(() -> kept.remove(stream, key));
    }

    private List<byte[]> json(List<RecordedEvent> events, Map<String, InstanceKey> found) {
        List<byte[]> opened = new ArrayList<>(events.size());
        for (RecordedEvent event : events) {
            opened.add(EventJson.event(opening.open(event, found), input).getBytes(StandardCharsets.UTF_8));
        }
        return opened;
    }
}
