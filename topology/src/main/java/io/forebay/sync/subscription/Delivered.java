package io.forebay.sync.subscription;

import io.forebay.records.value.RecordId;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Touch;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.Places;
import io.forebay.sync.subscription.state.IdentifierKey;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Reason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that changed, or that is there, on its way to several subscribers: what has to be found out of it for one of them is found out once for all.
 */
final class Delivered {

    private final Ground ground;
    private final RowOperation op;
    private final RecordId record;
    private final String path;
    private final @Nullable JsonObject old;
    private final @Nullable JsonObject row;
    private final Told.Cause cause;
    private final Map<RowEvent, Map<String, Touched>> touched = new EnumMap<>(RowEvent.class);
    private final Map<Reason, Followed> followed = new HashMap<>();
    private final Map<NodeKey, Boolean> isAt = new HashMap<>();
    private final Map<NodeKey, Boolean> wasAt = new HashMap<>();

    Delivered(
            Ground ground,
            RowOperation op,
            Path record,
            @Nullable JsonObject old,
            @Nullable JsonObject row,
            Told.Cause cause) {
        this.ground = ground;
        this.op = op;
        this.record = RecordId.of(record);
        this.path = record.toString();
        this.old = old;
        this.row = row;
        this.cause = cause;
    }

    /**
     * An identifier that a change touches.
     *
     * @param json the identifier as JSON
     * @param entered whether an update is told to it as the row is new there
     */
    record Touched(String json, boolean entered) {}

    /** Where a row leads to for a reason; null: it is not followed for it. */
    private record Followed(@Nullable List<Way.Lead> leads) {}

    RowOperation op() {
        return op;
    }

    RecordId record() {
        return record;
    }

    /** The record's canonical path. */
    String path() {
        return path;
    }

    @Nullable
    JsonObject old() {
        return old;
    }

    @Nullable
    JsonObject row() {
        return row;
    }

    Told.Cause cause() {
        return cause;
    }

    long ref() {
        return cause.offset();
    }

    /** Identifiers that the change touches where it is seen as an event, by {@link IdentifierKey}. */
    Map<String, Touched> touchedAs(RowEvent event) {
        return touched.computeIfAbsent(event, this::touches);
    }

    private Map<String, Touched> touches(RowEvent event) {
        Map<String, Touched> touches = new HashMap<>();
        JsonObject before = event == RowEvent.INSERTED ? null : old;
        JsonObject after = event == RowEvent.DELETED ? null : row;
        for (Touch touch : ground.watchers().touched(record.table(), event, before, after)) {
            for (Identifier identifier : touch.identifiers()) {
                touches.putIfAbsent(
                        IdentifierKey.of(identifier), new Touched(ground.json(identifier), touch.entered()));
            }
        }
        return touches;
    }

    /** Where the row leads to for a reason; null: it is not followed for it. */
    @Nullable
    List<Way.Lead> leads(Reason reason) {
        Followed known = followed.get(reason);
        if (known == null) {
            known = new Followed(row == null ? null : ground.way(reason).leads(record, row));
            followed.put(reason, known);
        }
        return known.leads();
    }

    /** Whether the row is at a place. */
    boolean isAt(NodeKey node) {
        return isAt.computeIfAbsent(node, key -> at(key, row));
    }

    /** Whether the row before was at a place. */
    boolean wasAt(NodeKey node) {
        return wasAt.computeIfAbsent(node, key -> at(key, old));
    }

    private boolean at(NodeKey node, @Nullable JsonObject which) {
        if (which == null) {
            return false;
        }
        if (node.kind() != PlaceKind.column) {
            return node.kind() == PlaceKind.table || node.place().equals(path);
        }
        List<String> columns = Path.parse(Path.parse(node.place()).part(1)).parts();
        Path is = Places.ofRow(record.table(), columns, which);
        return is != null && is.toString().equals(node.place());
    }
}
