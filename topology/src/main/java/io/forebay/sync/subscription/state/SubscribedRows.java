package io.forebay.sync.subscription.state;

import io.forebay.records.model.Model;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.RecordId;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.WatcherName;
import io.forebay.schemas.avro.FollowRows;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a subscription is about: its identifier, and the place where it is heard of. */
public final class SubscribedRows {

    private SubscribedRows() {}

    /** A subscription as it was asked for. */
    public static Subscribed of(Subscribe command, long now) {
        Long lease = command.getLeaseMs();
        return of(
                command.getRows(),
                ShapeText.of(ShapeText.parse(command.getAssocs())),
                command.getSnapshot(),
                command.getFollow(),
                lease == null ? -1 : lease,
                now);
    }

    /** Rows that are to be followed. */
    public static Subscribed of(FollowRows command, long now) {
        return new Subscribed(
                command.getTable(),
                RowEvent.UPDATED,
                null,
                command.getScope(),
                command.getColumns(),
                command.getValues(),
                ShapeText.of(ShapeText.parse(command.getAssocs())),
                true,
                true,
                command.getLeaseMs(),
                now,
                command.getWhere());
    }

    /** What is to be ended. */
    public static Subscribed of(WatchedRows rows) {
        return of(rows, ShapeText.BARE, false, false, -1, 0);
    }

    private static Subscribed of(
            WatchedRows rows, String shape, boolean snapshot, boolean follow, long leaseMs, long since) {
        return new Subscribed(
                rows.getTable(),
                RowEvent.of(rows.getEvent().name()).orElse(RowEvent.UPDATED),
                rows.getLabel(),
                rows.getScope(),
                rows.getColumns(),
                rows.getValues(),
                shape,
                snapshot,
                follow,
                leaseMs,
                since,
                null);
    }

    /** What was subscribed to, as commands carry it. */
    public static WatchedRows rows(Subscribed subscribed) {
        return WatchedRows.newBuilder()
                .setTable(subscribed.table())
                .setEvent(RowOperation.valueOf(subscribed.event().text()))
                .setLabel(subscribed.label())
                .setScope(subscribed.scope())
                .setColumns(subscribed.columns())
                .setValues(subscribed.values())
                .build();
    }

    /** The key of the identifier that was subscribed to; of what is none, one that no identifier has. */
    public static String key(Subscribed rows) {
        if (rows.isOfRows()) {
            return "";
        }
        WatcherName watcher = IdentifierKey.watcher(rows.table(), rows.event(), rows.label());
        List<String> values = values(rows);
        return switch (rows.scope()) {
            case record -> IdentifierKey.ofRecord(watcher, values);
            case column -> {
                List<String> parts = new ArrayList<>(1 + values.size());
                parts.add(Path.of(rows.columns()).toString());
                parts.addAll(values);
                yield IdentifierKey.ofColumns(watcher, parts);
            }
            default -> IdentifierKey.ofEvery(watcher);
        };
    }

    /** The place where it is heard of. Columns that no association of the model goes by have no place of their own, but the table's. */
    public static NodeKey place(Subscribed rows, Model model) {
        if (rows.scope() == WatchedScope.record) {
            return new NodeKey(PlaceKind.record, new RecordId(rows.table(), values(rows)).toString());
        }
        if (rows.scope() == WatchedScope.column
                && model.associationKeys(rows.table()).contains(rows.columns())) {
            return new NodeKey(
                    PlaceKind.column,
                    Places.ofColumns(rows.table(), rows.columns(), values(rows)).toString());
        }
        return new NodeKey(PlaceKind.table, Places.ofTable(rows.table()).toString());
    }

    private static List<String> values(Subscribed rows) {
        return rows.values().stream()
                .map(value -> String.valueOf(KeyText.of(json(value))))
                .toList();
    }

    /** Reads the text of one JSON value. */
    public static JsonValue json(String text) {
        return Objects.requireNonNull(
                JsonObject.parse("{\"value\":" + text + "}").member("value"));
    }
}
