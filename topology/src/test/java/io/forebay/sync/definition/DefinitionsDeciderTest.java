package io.forebay.sync.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherName;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.definition.query.GetWatchers;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.identifier.WatchedRowsForm;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.rule.AccessRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsDeciderTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              users: {columns: [id, name], assocs: {posts: {kind: has_many, table: posts, fk: user_id}}}
              posts: {columns: [id, title, user_id], assocs: {user: {kind: belongs_to, table: users, fk: user_id}}}
              grades: {pk: [school, pupil], columns: [school, pupil]}
            """);

    private static final Watchers WATCHERS = Watchers.everyTable(MODEL);

    private FlowDriver flow;
    private int requests;

    @BeforeEach
    void open(@TempDir java.nio.file.Path dir) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        DefinitionsFlow.store(catalogue),
                        catalogue.syncDeliveries(),
                        (serdes, engine, ticks, health) -> DefinitionsFlow.addTo(
                                new Topology(),
                                catalogue,
                                serdes,
                                engine,
                                MODEL,
                                new SubscriptionRules(AccessRules.open(MODEL)),
                                SyncConfig.defaults(),
                                new OutcomeRetention(Duration.ofHours(24), 1_000),
                                ticks,
                                health)));
    }

    @AfterEach
    void close() {
        flow.close();
    }

    private static Identifier identifier(String table, RowEvent event, Scope scope) {
        return WATCHERS.identifier(new WatcherName.OfTable(table, event), scope);
    }

    private static Scope record(String key) {
        return new Scope.OneRecord(List.of(JsonValue.ofText(key)));
    }

    private static Subscribe.Builder subscribe(Identifier identifier) {
        Watcher watcher = Objects.requireNonNull(WATCHERS.watcher(identifier.watcher()));
        return Subscribe.newBuilder().setRows(WatchedRowsForm.of(identifier, watcher));
    }

    private static Subscribe renamed() {
        Subscribe every = subscribe(identifier("posts", RowEvent.UPDATED, Scope.EVERY_ROW))
                .build();
        return Subscribe.newBuilder(every)
                .setRows(WatchedRows.newBuilder(every.getRows())
                        .setLabel("renamed")
                        .build())
                .build();
    }

    private byte[] encode(Object command) {
        return flow.serdes()
                .serializer(SubscriptionCommand.class)
                .serialize(flow.catalogue().subscriptions().name(), new SubscriptionCommand(command));
    }

    private Outcome decide(Path key, Object command) {
        String request = "request-" + requests++;
        byte[] value = encode(command);
        flow.append(key.toBytes(), value, request);
        return flow.outcome(request, key.toBytes(), value);
    }

    private List<DeliveryCommand> delivered() {
        return flow.told().stream()
                .map(record -> flow.serdes()
                        .deserializer(DeliveryCommand.class)
                        .deserialize(flow.catalogue().syncDeliveries().name(), record.value()))
                .toList();
    }

    private List<Object> commands() {
        return delivered().stream()
                .map(delivery -> ((SubscriberCommand) delivery.getCommand()).getCommand())
                .toList();
    }

    @Test
    void what_is_wanted_goes_to_the_subscriber_with_a_number() {
        Identifier one = identifier("posts", RowEvent.UPDATED, record("7"));
        Identifier other =
                identifier("posts", RowEvent.INSERTED, new Scope.Associated("user_id", JsonValue.ofText("4")));

        decide(
                IdentifierPath.of("anna", one),
                subscribe(one).setAssocs("{\"user\":{}}").build());
        decide(IdentifierPath.of("anna", other), subscribe(other).build());

        List<DeliveryCommand> delivered = delivered();
        assertThat(delivered).extracting(DeliveryCommand::getStage).containsOnly("subscriptions");
        assertThat(delivered).extracting(DeliveryCommand::getNumber).containsExactly(1L, 2L);
        SubscriberCommand first = (SubscriberCommand) delivered.get(0).getCommand();
        assertThat(first.getSubscriber()).isEqualTo("anna");
        assertThat(((Subscribe) first.getCommand()).getAssocs()).isEqualTo("{\"user\":{}}");
    }

    @Test
    void a_key_that_is_not_the_identifiers_is_refused() {
        Identifier identifier = identifier("posts", RowEvent.UPDATED, record("7"));

        flow.append(
                Path.of("anna", "watcher", "posts", "updated").toBytes(),
                encode(subscribe(identifier).build()),
                null);

        assertThat(flow.refusals()).singleElement().asString().startsWith("wrong_key");
        assertThat(delivered()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna/watcher/posts/merged",
                "anna/what",
                "/watcher/posts/inserted",
                "anna/label",
                "anna/watcher/posts/updated/record"
            })
    void a_key_of_another_form_is_refused(String key) {
        flow.append(Path.parse(key).toBytes(), encode(new RenewLease()), null);

        assertThat(flow.refusals()).singleElement().asString().startsWith("wrong_key");
    }

    @Test
    void all_that_is_wrong_is_told() {
        Identifier identifier = identifier("posts", RowEvent.UPDATED, record("7"));

        Outcome outcome = decide(
                IdentifierPath.of("anna", identifier),
                subscribe(identifier)
                        .setAssocs("{\"strangers\":{}}")
                        .setColumns("{\"posts\":[\"title\",\"body\"],\"strangers\":[]}")
                        .setRule("no rule")
                        .setClaims("[]")
                        .setLeaseMs(5L)
                        .build());

        assertThat(outcome.status()).isEqualTo(400);
        assertThat(outcome.violations())
                .extracting(violation -> violation.field())
                .containsExactly(
                        "/assocs/strangers",
                        "/columns/posts/body",
                        "/columns/strangers",
                        "/authorize",
                        "/claims",
                        "/lease_ms");
        assertThat(delivered()).isEmpty();
    }

    @Test
    void a_watcher_that_there_is_not_is_not_found() {
        Identifier identifier = new Identifier(new WatcherName.OfLabel("renamed"), Scope.EVERY_ROW);
        Subscribe subscribe = renamed();

        Outcome outcome = decide(IdentifierPath.of("anna", identifier), subscribe);

        assertThat(outcome.status()).isEqualTo(404);
        assertThat(outcome.code()).isEqualTo("not_found");
    }

    @Test
    void watchers_that_are_defined_hold_from_then_on() {
        Identifier identifier = new Identifier(new WatcherName.OfLabel("renamed"), Scope.EVERY_ROW);
        Subscribe subscribe = renamed();
        String list =
                "[{\"table\":\"posts\",\"event\":\"updated\",\"label\":\"renamed\",\"trigger_columns\":[\"title\"]}]";

        long version = WatchersOutcome.version(decide(IdentifierPath.WATCHERS, new DefineWatchers(list, 0L)));
        Outcome outcome = decide(IdentifierPath.of("anna", identifier), subscribe);

        assertThat(outcome.isRefused()).isFalse();
        assertThat(flow.ask(new GetWatchers(-1))).isEqualTo(new GetWatchers.Found(version, list));
        assertThat(flow.ask(new GetWatchers(version)).list()).isNull();
        assertThat(commands()).hasSize(2).first().isEqualTo(new DefineWatchers(list, version));
    }

    @Test
    void watchers_are_known_after_a_restart() {
        decide(IdentifierPath.WATCHERS, new DefineWatchers("[]", 0L));
        Identifier identifier = identifier("posts", RowEvent.UPDATED, Scope.EVERY_ROW);

        flow.restart();
        Outcome outcome = decide(
                IdentifierPath.of("anna", identifier), subscribe(identifier).build());

        assertThat(outcome.status()).isEqualTo(404);
    }

    @Test
    void a_definition_that_was_passed_on_before_changes_nothing() {
        decide(IdentifierPath.WATCHERS, new DefineWatchers("[]", 0L));
        commands();

        flow.append(
                ReservedKeys.partition(),
                encode(new DefineWatchers("[{\"table\":\"posts\",\"event\":\"updated\"}]", 0L)),
                null);

        assertThat(commands()).isEmpty();
        assertThat(flow.ask(new GetWatchers(-1)).list()).isEqualTo("[]");
    }

    @Test
    void watchers_that_are_wrong_are_not_defined() {
        Outcome outcome = decide(
                IdentifierPath.WATCHERS,
                new DefineWatchers(
                        "[{\"table\":\"strangers\",\"event\":\"updated\"},{\"table\":\"posts\",\"event\":\"x\"}]", 0L));

        assertThat(outcome.status()).isEqualTo(400);
        assertThat(outcome.violations())
                .extracting(violation -> violation.field())
                .containsExactlyInAnyOrder("/watchers/0/table", "/watchers/1/event");
        assertThat(flow.ask(new GetWatchers(-1)).version()).isEqualTo(GetWatchers.NONE);
    }

    @Test
    void a_record_without_a_value_ends_what_its_key_names() {
        Identifier identifier = identifier(
                "grades", RowEvent.UPDATED, new Scope.OneRecord(List.of(JsonValue.ofText("a/b"), member("7"))));

        flow.append(IdentifierPath.of("anna", identifier).toBytes(), null, null);

        Unsubscribe ended = (Unsubscribe) commands().get(0);
        assertThat(WatchedRowsForm.identifier(Objects.requireNonNull(ended.getRows())))
                .isEqualTo(identifier);
    }

    @Test
    void the_end_of_all_goes_by_every_partition() {
        decide(IdentifierPath.ofSubscriber("anna"), new Unsubscribe(null));

        assertThat(commands()).containsExactly(new Unsubscribe(null));
    }

    @Test
    void a_lease_is_renewed_by_the_subscriber_alone() {
        Outcome outcome = decide(IdentifierPath.ofSubscriber("anna"), new RenewLease());

        assertThat(outcome.isRefused()).isFalse();
        assertThat(commands()).containsExactly(new RenewLease());
    }

    private static JsonValue member(String raw) {
        return Objects.requireNonNull(JsonObject.parse("{\"a\":" + raw + "}").member("a"));
    }

    @Test
    void theModelThatWasDeclaredIsFollowedOnAllPartitions() {
        Model pages = ModelFile.parse("tables: {pages: {columns: [id]}}");
        decide(KnownModel.KEY, KnownModel.ofFile(pages).at(7).declared());

        Watchers known = Watchers.everyTable(pages);
        Identifier identifier = known.identifier(new WatcherName.OfTable("pages", RowEvent.UPDATED), Scope.EVERY_ROW);
        Watcher watcher = Objects.requireNonNull(known.watcher(identifier.watcher()));
        Subscribe wanted = Subscribe.newBuilder()
                .setRows(WatchedRowsForm.of(identifier, watcher))
                .build();

        assertThat(decide(IdentifierPath.of("anna", identifier), wanted).isRefused())
                .isFalse();
        flow.restart();
        assertThat(decide(IdentifierPath.of("berta", identifier), wanted).isRefused())
                .isFalse();
    }

    @Test
    void watchersThatDoNotFitTheModelAreLeftOutWhileItHolds() {
        Model others = ModelFile.parse("tables: {users: {columns: [id, name]}}");
        decide(
                IdentifierPath.WATCHERS,
                new DefineWatchers(
                        "[{\"table\":\"posts\",\"event\":\"updated\"},{\"table\":\"users\",\"event\":\"updated\"}]",
                        0L));
        decide(KnownModel.KEY, KnownModel.ofFile(others).at(100).declared());
        Identifier ofPosts = identifier("posts", RowEvent.UPDATED, Scope.EVERY_ROW);
        Identifier ofUsers = identifier("users", RowEvent.UPDATED, Scope.EVERY_ROW);

        assertThat(decide(IdentifierPath.of("anna", ofPosts), subscribe(ofPosts).build())
                        .isRefused())
                .isTrue();
        assertThat(decide(IdentifierPath.of("anna", ofUsers), subscribe(ofUsers).build())
                        .isRefused())
                .isFalse();

        decide(KnownModel.KEY, KnownModel.ofFile(MODEL).at(200).declared());

        assertThat(decide(IdentifierPath.of("anna", ofPosts), subscribe(ofPosts).build())
                        .isRefused())
                .isFalse();
    }

    @Test
    void noSubscriberIsCalledByTheKeyOfTheModel() {
        Identifier identifier = identifier("posts", RowEvent.UPDATED, Scope.EVERY_ROW);

        assertThat(decide(KnownModel.KEY, subscribe(identifier).build()).code()).isEqualTo("wrong_key");
    }
}
