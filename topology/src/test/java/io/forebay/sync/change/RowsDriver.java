package io.forebay.sync.change;

import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.change.query.FindChange;
import io.forebay.sync.change.query.GetRow;
import io.forebay.sync.change.query.RowFound;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.model.ModelNotice;
import io.forebay.sync.model.OwnModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The production stage of rows under a test driver, over one partition. */
final class RowsDriver implements AutoCloseable {

    static final Duration DELETED_RETENTION = Duration.ofDays(7);
    static final Duration CHANGE_RETENTION = Duration.ofDays(1);

    static final Model MODEL = ModelFile.parse("""
            tables:
              users: {columns: [id, name]}
              posts:
                columns: [id, title, user_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
              pupils: {columns: [id]}
              teachers: {pk: [school, id], columns: [school, id]}
              grades:
                pk: [school, pupil]
                columns: [school, pupil, teacher]
                assocs:
                  by: {kind: belongs_to, table: teachers, fk: [school, teacher]}
                  of: {kind: belongs_to, table: pupils, fk: pupil}
            """);

    final FlowDriver flow;
    final RowStats stats = new RowStats();
    final OwnModel own = new OwnModel(MODEL);
    private int requests;

    RowsDriver(java.nio.file.Path dir) {
        this(dir, 1);
    }

    /** With topics of several partitions, of which the first is driven. */
    RowsDriver(java.nio.file.Path dir, int partitions) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(partitions));
        SyncConfig config = new SyncConfig(
                null,
                null,
                DELETED_RETENTION,
                CHANGE_RETENTION,
                100,
                100,
                Duration.ofSeconds(2),
                "sub",
                false,
                Duration.ofMillis(25));
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        RowsFlow.store(catalogue),
                        catalogue.syncRoutes(),
                        (serdes, engine, ticks, health) -> RowsFlow.topology(
                                catalogue, serdes, engine, own, config, retention, ticks, health, stats)));
    }

    static RowChange.Builder snapshot(String table, String row) {
        return change(RowOperation.snapshot, table).setAfter(row);
    }

    static RowChange.Builder inserted(String table, String row) {
        return change(RowOperation.inserted, table).setAfter(row);
    }

    static RowChange.Builder updated(String table, String row) {
        return change(RowOperation.updated, table).setAfter(row);
    }

    static RowChange.Builder deleted(String table) {
        return change(RowOperation.deleted, table);
    }

    static RowChange.Builder truncated(String table) {
        return change(RowOperation.truncated, table);
    }

    private static RowChange.Builder change(RowOperation op, String table) {
        return RowChange.newBuilder().setOp(op).setTable(table);
    }

    static RowSource at(long position) {
        return new RowSource("db", position, 0);
    }

    /** Appends a change under the key of these parts. */
    long append(RowChange.Builder change, String... key) {
        return flow.append(Path.of(key).toBytes(), encode(change.build()), null);
    }

    /** Appends a change and tells what was decided. */
    RowOutcome decide(RowChange.Builder change, String... key) {
        String request = "request-" + requests++;
        byte[] recordKey = Path.of(key).toBytes();
        byte[] value = encode(change.build());
        flow.append(recordKey, value, request);
        return RowOutcome.of(flow.outcome(request, recordKey, value));
    }

    /** Asks the partition whether it can follow a model. */
    Outcome ask(Model model) {
        return declare(ReservedKeys.partition(), KnownModel.ofFile(model));
    }

    /** Has an instance declare its model. */
    Outcome declare(Model model) {
        return declare(KnownModel.KEY.toBytes(), KnownModel.ofFile(model));
    }

    Outcome declare(byte[] recordKey, KnownModel model) {
        String request = "request-" + requests++;
        byte[] value = encode(ModelNotice.change(model));
        flow.append(recordKey, value, request);
        return flow.outcome(request, recordKey, value);
    }

    private byte[] encode(RowChange change) {
        return flow.serdes()
                .serializer(RowChange.class)
                .serialize(flow.catalogue().changes().name(), change);
    }

    /** What changes went to places since it was last asked. */
    List<RoutedChange> routed() {
        return routed(RoutedChange.class);
    }

    /** What went to places since it was last asked. */
    List<RouteCommand> commands() {
        return flow.told().stream()
                .map(record -> flow.serdes()
                        .deserializer(RouteCommand.class)
                        .deserialize(flow.catalogue().syncRoutes().name(), record.value()))
                .toList();
    }

    /** What of one kind went to places since it was last asked. */
    <T> List<T> routed(Class<T> kind) {
        return commands().stream()
                .map(RouteCommand::getCommand)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    RowFound find(String... key) {
        return flow.ask(new GetRow(Path.of(key).toString()));
    }

    /** The row's text; null when there is none. */
    @Nullable
    String row(String... key) {
        byte[] row = find(key).row();
        return row == null ? null : new String(row, StandardCharsets.UTF_8);
    }

    FindChange.Found change(String id) {
        return flow.ask(new FindChange(id));
    }

    @Override
    public void close() {
        flow.close();
    }
}
