package io.forebay.events;

import io.forebay.command.Decision;
import io.forebay.command.SideStore;
import io.forebay.events.seal.EventSeal;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventValues;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.path.Path;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of streams, as one decision reads and changes them. Where the store of keys has what the decision wrote the first
 * time, that is what it uses now: the log may hold nothing that another key sealed.
 */
final class StreamKeys {

    private final Decision decision;
    private final SideStore store;
    private final EventValues values;
    private final EventSeal seal;
    private final Map<Path, InstanceKey> known = new HashMap<>();

    StreamKeys(Decision decision, EventValues values, EventSeal seal) {
        this.decision = decision;
        this.store = decision.beside(EventsFlow.KEYS);
        this.values = values;
        this.seal = seal;
    }

    /** Opens an event of the log. */
    OpenedEvent open(RecordedEvent event) {
        return event.getSealedBy() == null
                ? OpenedEvent.inClear(event)
                : seal.open(event, find(Path.of(event.getDomain(), event.getInstanceId())));
    }

    /** Seals an event that comes next in its stream, with a new key where the stream has none. */
    RecordedEvent seal(Path stream, RecordedEvent event) {
        InstanceKey key = find(stream);
        if (key == null || key.getKey() == null) {
            key = put(stream, event.getStreamVersion(), seal.newKey());
        }
        return seal.seal(event, key);
    }

    /** Destroys the key of a stream, if it has one. */
    void destroy(Path stream) {
        InstanceKey key = find(stream);
        if (key != null && key.getKey() != null && !store.isWritten()) {
            put(stream, key.getKeyVersion(), null);
        }
    }

    /** Writes the key record of a stream again, if it has one. */
    void rewrite(Path stream) {
        InstanceKey key = find(stream);
        if (key != null && !store.isWritten()) {
            put(stream, key.getKeyVersion(), key.getKey());
        }
    }

    private @Nullable InstanceKey find(Path stream) {
        InstanceKey key = known.get(stream);
        if (key == null) {
            Stored stored = store.get(stream.toBytes());
            if (stored != null) {
                key = values.key(stored.payload());
                known.put(stream, key);
            }
        }
        return key;
    }

    private InstanceKey put(Path stream, long version, @Nullable ByteBuffer bytes) {
        InstanceKey key = InstanceKey.newBuilder()
                .setSource(new SourcePosition(decision.partition(), decision.offset()))
                .setInsertedAt(Instant.ofEpochMilli(decision.logTime()))
                .setUnitLast(false)
                .setKeyVersion(version)
                .setKey(bytes)
                .build();
        store.put(stream.toBytes(), values.encode(key));
        known.put(stream, key);
        return key;
    }
}
