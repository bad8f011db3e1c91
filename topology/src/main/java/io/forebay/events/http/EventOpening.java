package io.forebay.events.http;

import io.forebay.events.query.ReadInstanceKeys;
import io.forebay.events.seal.EventSeal;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventValues;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Opens events for those who read them. The keys are asked of their owners, at the position of what was read or beyond, and
 * of nobody else: a standby may not have heard yet that a key is destroyed.
 */
public final class EventOpening {

    private final Router router;
    private final StoreRef keys;
    private final EventValues values;
    private final EventSeal seal;
    private final Duration timeout;

    /**
     * Opens events with the keys of a store.
     *
     * @param timeout how long the keys are waited for
     */
    public EventOpening(Router router, StoreRef keys, EventValues values, Duration timeout) {
        this.router = router;
        this.keys = keys;
        this.values = values;
        this.seal = new EventSeal(values);
        this.timeout = timeout;
    }

    /** Reads an event as the log has it. */
    RecordedEvent event(byte[] value) {
        return values.event(value);
    }

    /**
     * Opens events.
     *
     * @param events as the log has them
     * @param at the position that they were read at
     * @return them in the same order; fails as a read of their partitions does, and with {@code SealException}
     */
    CompletionStage<List<OpenedEvent>> open(List<byte[]> events, Position at) {
        List<RecordedEvent> read = new ArrayList<>(events.size());
        Map<Integer, Set<String>> sealed = new TreeMap<>();
        for (byte[] value : events) {
            RecordedEvent event = event(value);
            read.add(event);
            if (event.getSealedBy() != null) {
                sealed.computeIfAbsent(event.getSource().getPartition(), any -> new LinkedHashSet<>())
                        .add(stream(event));
            }
        }
        Map<String, InstanceKey> found = new HashMap<>();
        CompletionStage<?> asked = CompletableFuture.completedFuture(null);
        for (Map.Entry<Integer, Set<String>> entry : sealed.entrySet()) {
            asked = asked.thenCombine(keys(entry.getKey(), entry.getValue(), at), (before, keysOfPartition) -> {
                found.putAll(keysOfPartition);
                return before;
            });
        }
        return asked.thenApply(
                done -> read.stream().map(event -> open(event, found)).toList());
    }

    /** Opens an event with the keys that were found. */
    OpenedEvent open(RecordedEvent event, Map<String, InstanceKey> found) {
        return event.getSealedBy() == null ? OpenedEvent.inClear(event) : seal.open(event, found.get(stream(event)));
    }

    /** The key records of streams of one partition, those that there are. */
    CompletionStage<Map<String, InstanceKey>> keys(int partition, Collection<String> streams, Position at) {
        List<String> asked = List.copyOf(streams);
        return router.ask(
                        keys,
                        partition,
                        new ReadInstanceKeys(asked),
                        ReadOptions.within(timeout).atLeast(at))
                .thenApply(answer -> {
                    Map<String, InstanceKey> found = new HashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        byte[] record = answer.value().found().get(i).record();
                        if (record != null) {
                            found.put(asked.get(i), values.key(record));
                        }
                    }
                    return found;
                });
    }

    /** The stream of an event, as a canonical path. */
    static String stream(RecordedEvent event) {
        return Path.of(event.getDomain(), event.getInstanceId()).toString();
    }
}
