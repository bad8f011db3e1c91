package io.forebay.sync.change;

import io.forebay.change.CheckedChange;
import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.change.state.KnownChange;
import io.forebay.sync.change.state.RecordState;
import io.forebay.sync.change.state.RowTable;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Places;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a row change is to the record as it is known.
 *
 * <p><b>Ref.</b> All changes of a record are on one partition, and a record's ref is the offset of the last one that was applied. It ascends over
 * insertions, updates and deletions, and remains of a deleted record for a time.
 *
 * <p><b>Late or repeated.</b> A change whose source tells its place in its log changes nothing unless it stands behind the last one of this
 * source. Without a place, a change under an id that was seen is repeated, as is one that says what is known already: an insertion or a snapshot of
 * the row that is there, a deletion of what was deleted. An update to the row that is there is no repetition: whoever is told of updates is told of
 * those too.
 *
 * <p><b>Old and new.</b> The old row is the one that was told last, whatever the change says, because that is the one that its places and
 * those who follow them have; only what is not known of it is taken from the change. What an update leaves out of the new row is as it was.
 *
 * <p><b>Another key.</b> An update whose old row has another primary key is the insertion of the one and the deletion of the other. The latter is on
 * another partition, so it becomes a change of its own, under the place in the log that this one has.
 *
 * <p><b>Truncation.</b> Rows of a table are on all partitions, so each is told in its own log. There it is one record, whatever the number
 * of rows: they are not read any more, and swept bit by bit. A row whose source says that it came after the truncation stays, whichever of the two came
 * in first.
 *
 * <p><b>Size.</b> Rows grow by what updates leave out, and what came in compressed may be larger than it looks. Whatever would not fit into a
 * record on its way out is refused: a record that cannot be written would stop the partition.
 *
 * <p>All of that is decided from the store and the change; the model that was declared last tells keys and places. Tables that it has not had
 * are passed over.
 */
final class RowsDecider implements Decider<RowChange> {

    private final TopicSpec changes;
    private final Duration deletedRetention;
    private final Duration changeRetention;
    private final Function<RowChange, byte[]> encoder;
    private final RowTable rows;
    private final Declarations declarations;
    private final Placing placing;
    private final Routes routes;
    private final RowStats stats;

    /**
     * @param changes the topic of row changes
     * @param encoder row changes to bytes
     * @param declarations what it decides by
     * @param placing brings rows where they belong by it
     * @param routes where changes go
     */
    RowsDecider(
            TopicSpec changes,
            SyncConfig config,
            Function<RowChange, byte[]> encoder,
            RowTable rows,
            Declarations declarations,
            Placing placing,
            Routes routes,
            RowStats stats) {
        this.changes = changes;
        this.deletedRetention = config.deletedRetention();
        this.changeRetention = config.changeRetention();
        this.encoder = encoder;
        this.rows = rows;
        this.declarations = declarations;
        this.placing = placing;
        this.routes = routes;
        this.stats = stats;
    }

    @Override
    public void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            rows.open(view);
            declarations.open(view);
        }
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        if (key.part(0).isEmpty() && !key.equals(KnownModel.KEY)) {
            throw new RefusedException(400, "wrong_key", "key", "begins with the name of the table");
        }
    }

    @Override
    public Outcome decide(Path key, RowChange change, Decision decision) throws RefusedException {
        if (key.equals(KnownModel.KEY)) {
            declarations.declare(change, decision);
            return Outcome.done();
        }
        Table table = declarations.table(key.part(0));
        if (table == null) {
            stats.countUnknown();
            routes.sendPart(change, decision);
            return new RowOutcome(decision.offset(), false).encode();
        }
        CheckedChange checked = CheckedChange.of(key, change);
        RowRules.checkNames(change);
        if (change.getOp() == RowOperation.truncated) {
            command(ReservedKeys.partition(), change, decision);
            routes.sendPart(change, decision);
            return new RowOutcome(decision.offset(), true).encode();
        }
        RowRules.checkRow(checked, table);
        RecordState known = rows.find(key, decision);
        if (isSeen(change, key, decision) || isKnown(checked, known)) {
            stats.countRepeated();
            routes.sendPart(change, decision);
            return new RowOutcome(known.ref(), false).encode();
        }
        apply(checked, table, known, decision);
        stats.countApplied();
        return new RowOutcome(decision.offset(), true).encode();
    }

    /** Whether a change of this id was decided before. */
    private boolean isSeen(RowChange change, Path key, Decision decision) throws RefusedException {
        String id = change.getId();
        KnownChange seen = id == null ? null : rows.change(id, decision);
        if (seen == null) {
            return false;
        }
        if (!seen.record().equals(key) || !seen.op().equals(change.getOp().name())) {
            throw new RefusedException(422, "change_id_reused", "/id", "an id that no other change has");
        }
        return true;
    }

    private boolean isKnown(CheckedChange checked, RecordState known) {
        RowChange change = checked.change();
        LogPlace place = LogPlace.of(change.getSource());
        if (place != null) {
            boolean late = known.stored() != null && place.isUpTo(known.stored().place());
            return late || rows.isTruncatedAfter(change.getTable(), place);
        }
        JsonObject row = known.row();
        return switch (change.getOp()) {
            case inserted, snapshot -> row != null && checked.after() != null && row.sameValue(checked.after());
            case deleted -> known.isGone();
            default -> false;
        };
    }

    private void apply(CheckedChange checked, Table table, RecordState known, Decision decision)
            throws RefusedException {
        RowChange change = checked.change();
        JsonObject stored = known.row();
        Path formerKey = formerKey(checked, table);
        RowOperation op = formerKey == null ? change.getOp() : RowOperation.inserted;
        JsonObject oldRow = oldRow(checked, op, stored);
        JsonObject newRow = newRow(checked, formerKey == null ? oldRow : checked.before());
        RowRules.checkSize(checked.key(), oldRow, changes);
        RowRules.checkSize(checked.key(), newRow, changes);
        LogPlace place = place(change, known);
        if (newRow == null) {
            rows.putDeleted(checked.key(), place, decision.logTime() + deletedRetention.toMillis(), decision);
        } else {
            rows.put(checked.key(), newRow, place, decision);
        }
        if (formerKey != null) {
            command(formerKey.toBytes(), deletionUnderFormerKey(change), decision);
        }
        String id = change.getId();
        if (id != null) {
            long keptUntil = decision.logTime() + changeRetention.toMillis();
            rows.putChange(id, new KnownChange(keptUntil, change.getOp().name(), checked.key()), decision);
        }
        String by = change.getBy();
        if (by != null) {
            rows.putOwn(checked.key(), by, decision.logTime() + changeRetention.toMillis(), decision);
        }
        boolean nothingNew =
                op == RowOperation.snapshot && stored != null && newRow != null && stored.sameValue(newRow);
        if (!nothingNew) {
            RoutedChange routed = routed(change, op, checked.key().toString(), decision)
                    .setOldRow(text(oldRow))
                    .setNewRow(text(newRow))
                    .build();
            routes.send(routed, table.name(), oldRow, newRow, placing.left(table.name()), decision);
        }
        if (op == RowOperation.snapshot) {
            routes.sendPart(change, decision);
        }
    }

    private void command(byte[] key, RowChange change, Decision decision) throws RefusedException {
        byte[] value = encoder.apply(change);
        RowRules.checkSize(key.length + value.length, changes);
        decision.command(key, value);
    }

    /** Of a change without a place the record keeps the one that it had: what stands before it there is late all the same. */
    private static @Nullable LogPlace place(RowChange change, RecordState known) {
        LogPlace place = LogPlace.of(change.getSource());
        return place != null || known.stored() == null ? place : known.stored().place();
    }

    /** The key that the record had before, where the change gave it another one; else null. */
    private static @Nullable Path formerKey(CheckedChange checked, Table table) {
        JsonObject before = checked.before();
        if (checked.change().getOp() != RowOperation.updated || before == null) {
            return null;
        }
        RecordId former = RecordId.of(table, before);
        return former == null || former.path().equals(checked.key()) ? null : former.path();
    }

    private static RowChange deletionUnderFormerKey(RowChange change) {
        return RowChange.newBuilder(change)
                .setOp(RowOperation.deleted)
                .setAfter(null)
                .setChangedColumns(null)
                .setTransactionRows(null)
                .setId(null)
                .build();
    }

    private static @Nullable JsonObject oldRow(CheckedChange checked, RowOperation op, @Nullable JsonObject stored) {
        JsonObject before = checked.before();
        boolean tellsOld = op == RowOperation.updated || op == RowOperation.deleted;
        if (!tellsOld || before == null) {
            return stored;
        }
        return stored == null ? before : completed(stored, before);
    }

    private static @Nullable JsonObject newRow(CheckedChange checked, @Nullable JsonObject former) {
        JsonObject after = checked.after();
        boolean isWhole = checked.change().getOp() != RowOperation.updated;
        return after == null || isWhole || former == null ? after : completed(after, former);
    }

    /** A row with the columns that it lacks; as it is where it lacks none. */
    private static JsonObject completed(JsonObject row, JsonObject other) {
        for (JsonObject.Member member : other.members()) {
            if (!row.has(member.name())) {
                return other.merge(row);
            }
        }
        return row;
    }

    /** A command to the partition: that all rows of a table went, or about the model. */
    @Override
    public Outcome decideForPartition(RowChange change, Decision decision) throws RefusedException {
        if (change.getOp() == RowOperation.declared) {
            declarations.decide(change, table -> truncate(table, change, decision), decision);
            return Outcome.done();
        }
        if (change.getOp() != RowOperation.truncated || change.getTable().isEmpty()) {
            throw new RefusedException(400, "wrong_key", "key", "the key of the row that the change is about");
        }
        RowRules.checkNames(change);
        LogPlace place = LogPlace.of(change.getSource());
        if (declarations.table(change.getTable()) == null) {
            stats.countUnknown();
            return new RowOutcome(decision.offset(), false).encode();
        }
        if (rows.isTruncatedAfter(change.getTable(), place)) {
            stats.countRepeated();
            return new RowOutcome(decision.offset(), false).encode();
        }
        truncate(change.getTable(), change, decision);
        declarations.truncated(change.getTable(), decision);
        stats.countApplied();
        return new RowOutcome(decision.offset(), true).encode();
    }

    private void truncate(String table, RowChange change, Decision decision) throws RefusedException {
        if (rows.hasRows(table, decision)) {
            routes.sendToAll(
                    routed(change, RowOperation.truncated, Places.ofTable(table).toString(), decision)
                            .build(),
                    decision);
        }
        long keptUntil = decision.logTime() + deletedRetention.toMillis();
        rows.putTruncated(table, LogPlace.of(change.getSource()), keptUntil, decision);
    }

    /** What is sent of a change, but for rows and places; its number follows. */
    private static RoutedChange.Builder routed(RowChange change, RowOperation op, String record, Decision decision) {
        return RoutedChange.newBuilder()
                .setPartition(decision.partition())
                .setNumber(0)
                .setRef(decision.offset())
                .setOp(op)
                .setRecord(record)
                .setSource(change.getSource())
                .setTransaction(change.getTransaction())
                .setTransactionRows(change.getTransactionRows())
                .setId(change.getId())
                .setBy(change.getBy());
    }

    @Override
    public boolean hasPendingWork() {
        return rows.isBehind() || placing.isUnderWay();
    }

    @Override
    public void proceed(Decision decision) {
        rows.proceed(decision);
        placing.proceed(decision);
    }

    @Override
    public long dueAt() {
        return rows.dueAt();
    }

    private static @Nullable String text(@Nullable JsonObject row) {
        return row == null ? null : row.text();
    }
}
