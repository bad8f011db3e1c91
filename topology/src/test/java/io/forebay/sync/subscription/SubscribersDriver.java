package io.forebay.sync.subscription;

import io.forebay.command.FlowDriver;
import io.forebay.command.OutcomeRetention;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.ChangeDelivery;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRow;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.rule.AccessRules;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** The production stage of subscribers under a test driver, over one partition. */
final class SubscribersDriver implements AutoCloseable {

    static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name, secret]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, title, user_id]
                assocs:
                  comments: {kind: has_many, table: comments, fk: post_id}
              comments: {columns: [id, post_id, text]}
            """);

    final FlowDriver flow;
    private long number;

    SubscribersDriver(java.nio.file.Path dir) {
        this(dir, AccessRules.open(MODEL));
    }

    SubscribersDriver(java.nio.file.Path dir, AccessRules rules) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        SubscribersFlow.store(catalogue),
                        catalogue.recordsSync(),
                        (serdes, engine, ticks, health) -> SubscribersFlow.addTo(
                                new Topology(), catalogue, serdes, engine, MODEL, rules, retention, ticks, health)));
    }

    /** Appends something, and returns its offset. */
    long send(String key, Object command) {
        byte[] value = flow.serdes()
                .serializer(DeliveryCommand.class)
                .serialize(
                        flow.catalogue().syncDeliveries().name(), new DeliveryCommand("places", 0, ++number, command));
        return flow.append(Path.of(key).toBytes(), value, null);
    }

    long want(String subscriber, Object command) {
        return send(subscriber, new SubscriberCommand(subscriber, command));
    }

    /** {@code s} subscribes. */
    long subscribe(Subscribe.Builder wanted) {
        return want("s", wanted.build());
    }

    /** {@code s} is answered what user 1 is, and nothing more. */
    long userIs(long request, long ref, String row) {
        return rows("s", PlaceKind.record, "users/1", request, row(ref, "users/1", row));
    }

    /** User 1 changes, to whom {@code s} subscribed. */
    void userChanges(long request, long ref, @Nullable String old, @Nullable String row) {
        deliver(change(ref, "users/1", old, row, concerned("s", PlaceKind.record, "users/1", request)));
    }

    /** A post changes, to all of which {@code s} subscribed. */
    void postChanges(long request, long ref, String post, @Nullable String old, @Nullable String row) {
        deliver(change(ref, post, old, row, concerned("s", PlaceKind.table, "posts", request)));
    }

    static Subscribe.Builder user(RowOperation event) {
        return record("users", "1", event);
    }

    static Subscribe.Builder record(String table, String key, RowOperation event) {
        return Subscribe.newBuilder()
                .setRows(rows(table, event)
                        .setScope(WatchedScope.record)
                        .setValues(List.of(key))
                        .build());
    }

    static Subscribe.Builder column(String table, String column, String value, RowOperation event) {
        return Subscribe.newBuilder()
                .setRows(rows(table, event)
                        .setScope(WatchedScope.column)
                        .setColumns(List.of(column))
                        .setValues(List.of(value))
                        .build());
    }

    static Subscribe.Builder table(String table, RowOperation event) {
        return Subscribe.newBuilder()
                .setRows(rows(table, event).setScope(WatchedScope.every).build());
    }

    static WatchedRows.Builder rows(String table, RowOperation event) {
        return WatchedRows.newBuilder().setTable(table).setEvent(event);
    }

    static PlaceRow row(long ref, String record, String row) {
        return new PlaceRow(record, 0, ref, null, row);
    }

    long rows(String subscriber, PlaceKind kind, String place, long request, PlaceRow... rows) {
        return send(subscriber, new PlaceRows(subscriber, place, kind, request, List.of(rows), true));
    }

    static Concerned concerned(String subscriber, PlaceKind kind, String place, long request) {
        return new Concerned(subscriber, place, kind, request);
    }

    static ChangeDelivery.Builder change(
            long ref, String record, @Nullable String old, @Nullable String row, Concerned... concerned) {
        RowOperation op = old == null ? RowOperation.inserted : RowOperation.updated;
        return ChangeDelivery.newBuilder()
                .setSource(new SourcePosition(0, ref))
                .setOp(row == null ? RowOperation.deleted : op)
                .setRecord(record)
                .setOldRow(old)
                .setNewRow(row)
                .setConcerned(List.of(concerned));
    }

    long deliver(ChangeDelivery.Builder change) {
        return send("", change.build());
    }

    /** What subscribers were told since they were last asked, as {@code subscriber op record@ref row}. */
    List<String> told() {
        return messages()
                .map(told -> told.subscriber + " " + told.message.getOp() + " " + told.message.getRecord() + "@"
                        + told.message.getRef() + (told.message.getFollowed() ? " followed" : ""))
                .toList();
    }

    /** A message and to whom. */
    record Told(String subscriber, RecordTold message) {}

    Stream<Told> messages() {
        return flow.told().stream()
                .map(record -> new Told(
                        Path.parse(record.key()).part(0),
                        flow.serdes()
                                .deserializer(RecordTold.class)
                                .deserialize(flow.catalogue().recordsSync().name(), record.value())));
    }

    /** Interests that went to places since they were last asked, as {@code + kind place}. */
    List<String> interests() {
        return flow.sent(flow.catalogue().syncRoutes()).stream()
                .map(record -> (PlaceInterest) flow.serdes()
                        .deserializer(RouteCommand.class)
                        .deserialize(flow.catalogue().syncRoutes().name(), record.value())
                        .getCommand())
                .map(interest -> (interest.getWanted() ? "+" : "-") + " " + interest.getKind() + " "
                        + interest.getPlace() + (interest.getSnapshot() ? " with rows" : ""))
                .toList();
    }

    @Override
    public void close() {
        flow.close();
    }
}
