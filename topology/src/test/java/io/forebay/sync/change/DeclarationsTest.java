package io.forebay.sync.change;

import static io.forebay.sync.change.RowsDriver.deleted;
import static io.forebay.sync.change.RowsDriver.inserted;
import static io.forebay.sync.change.RowsDriver.truncated;
import static io.forebay.sync.change.RowsDriver.updated;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.DeclaredModel;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.sync.model.KnownModel;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationsTest {

    /** Has pages, and no posts. */
    private static final Model PAGES = ModelFile.parse("""
            tables:
              users: {columns: [id, name]}
              pages: {columns: [id, user_id], assocs: {user: {kind: belongs_to, table: users, fk: user_id}}}
            """);

    /** Knows posts by something else. */
    private static final Model SLUGS = ModelFile.parse("tables: {posts: {pk: [slug], columns: [slug, id, user_id]}}");

    private RowsDriver rows;

    @BeforeEach
    void open(@TempDir Path dir) {
        rows = new RowsDriver(dir);
    }

    @AfterEach
    void close() {
        rows.close();
    }

    private List<String> placesOfLast() {
        List<RoutedChange> routed = rows.routed();
        return routed.get(routed.size() - 1).getPlaces().stream()
                .map(RoutedPlace::getPath)
                .toList();
    }

    @Test
    void theFileOfWhoeverReadsIsFollowedBeforeAModelIsDeclared() {
        assertThat(rows.decide(inserted("posts", "{\"id\":1}"), "posts", "1").applied())
                .isTrue();
        assertThat(rows.decide(inserted("pages", "{\"id\":1}"), "pages", "1").applied())
                .isFalse();
    }

    @Test
    void theModelThatWasDeclaredIsFollowed() {
        rows.declare(PAGES);

        rows.append(inserted("pages", "{\"id\":1,\"user_id\":2}"), "pages", "1");

        assertThat(placesOfLast()).containsExactlyInAnyOrder("pages/1", "pages/user_id/2");
    }

    @Test
    void theModelThatWasDeclaredIsFollowedByWhoeverHasThePartitionNext() {
        rows.declare(PAGES);

        rows.flow.restart();

        assertThat(rows.decide(inserted("pages", "{\"id\":1}"), "pages", "1").applied())
                .isTrue();
    }

    @Test
    void theOneThatWasDeclaredLastIsRight() {
        rows.declare(PAGES);
        rows.declare(RowsDriver.MODEL);
        long before = rows.flow.offset();

        rows.declare(RowsDriver.MODEL);

        assertThat(rows.flow.offset()).as("nothing is passed on").isEqualTo(before + 1);
        assertThat(rows.decide(inserted("grades", "{\"school\":1,\"pupil\":2}"), "grades", "1", "2")
                        .applied())
                .isTrue();
    }

    @Test
    void whatIsOlderThanWhatIsFollowedChangesNothing() {
        rows.declare(PAGES);
        rows.declare(RowsDriver.MODEL);

        rows.declare(ReservedKeys.partition(), KnownModel.ofFile(PAGES).at(0));

        assertThat(rows.decide(inserted("posts", "{\"id\":1}"), "posts", "1").applied())
                .isTrue();
    }

    @Test
    void definitionsHearOfIt() {
        rows.declare(PAGES);

        List<TestRecord<byte[], byte[]>> sent =
                rows.flow.sent(rows.flow.catalogue().subscriptions());
        assertThat(sent).hasSize(1);
        assertThat(rows.flow
                        .serdes()
                        .deserializer(SubscriptionCommand.class)
                        .deserialize(
                                rows.flow.catalogue().subscriptions().name(),
                                sent.get(0).value())
                        .getCommand())
                .isEqualTo(new DeclaredModel(0L, KnownModel.ofFile(PAGES).text()));
    }

    @Test
    void theInstanceIsToldThatItsFileSaysSomethingElse() {
        rows.declare(PAGES);

        assertThat(rows.own.isOther()).isTrue();
    }

    @Test
    void aTableKeepsItsPrimaryKeyWhileItHasRows() {
        rows.append(inserted("posts", "{\"id\":1}"), "posts", "1");

        Outcome outcome = rows.ask(SLUGS);

        assertThat(outcome.code()).isEqualTo("primary_key_changed");
        assertThat(outcome.rules()).contains("posts").contains("primary key id");
    }

    @Test
    void aTableWithoutRowsMayGetAnotherPrimaryKey() {
        rows.append(inserted("posts", "{\"id\":1}"), "posts", "1");
        rows.append(deleted("posts"), "posts", "1");

        assertThat(rows.ask(SLUGS).isRefused()).isFalse();
    }

    @Test
    void rowsThatCameBetweenTheQuestionAndTheDeclarationGo() {
        rows.ask(SLUGS);
        rows.append(inserted("posts", "{\"id\":1}"), "posts", "1");
        rows.routed();

        rows.declare(SLUGS);

        assertThat(rows.row("posts", "1")).isNull();
        assertThat(rows.routed()).extracting(RoutedChange::getOp).containsExactly(RowOperation.truncated);
    }

    @Test
    void aTableThatIsNoneOfTheModelsIsKeptUpToDate() {
        rows.append(inserted("posts", "{\"id\":1,\"user_id\":2}"), "posts", "1");
        rows.declare(PAGES);
        rows.routed();

        rows.append(updated("posts", "{\"id\":1,\"user_id\":3}"), "posts", "1");

        assertThat(rows.row("posts", "1")).isEqualTo("{\"id\":1,\"user_id\":3}");
        assertThat(rows.routed())
                .flatExtracting(RoutedChange::getPlaces)
                .extracting(RoutedPlace::getPath)
                .contains("posts/1");
    }

    @Test
    void aTableThatIsNoneOfTheModelsKeepsItsPrimaryKey() {
        rows.append(inserted("posts", "{\"id\":1}"), "posts", "1");
        rows.declare(PAGES);
        rows.flow.restart();

        assertThat(rows.ask(SLUGS).isRefused()).isTrue();
    }

    @Test
    void aTableThatIsNoneOfTheModelsIsKeptUntilItIsTruncated() {
        rows.declare(PAGES);

        rows.append(truncated("posts"), "posts");

        assertThat(rows.decide(inserted("posts", "{\"id\":1}"), "posts", "1").applied())
                .isFalse();
    }

    @Test
    void aDeclarationWithoutAModelIsRefused() {
        rows.append(truncated("posts").setOp(RowOperation.declared), "", "model");

        assertThat(rows.flow.refusals()).hasSize(1).first().asString().contains("/declared");
    }

    @Test
    void aModelThatIsNoneIsRefusedWithWhatIsWrongWithIt() {
        rows.append(
                truncated("posts").setOp(RowOperation.declared).setDeclared(new DeclaredModel(-1L, "{\"tables\":[]}")),
                "",
                "model");

        assertThat(rows.flow.refusals()).hasSize(1).first().asString().contains("/declared/model");
    }

    @Test
    void noRowIsDeclared() {
        rows.append(inserted("posts", "{\"id\":1}").setOp(RowOperation.declared), "posts", "1");

        assertThat(rows.flow.refusals()).hasSize(1).first().asString().contains("/op");
    }

    private static final Model EDITORS = ModelFile.parse("""
            tables:
              users: {columns: [id, name]}
              posts: {columns: [id, editor_id, user_id], assocs: {editor: {kind: belongs_to, table: users, fk: editor_id}}}
            """);

    private static List<String> placesOf(RoutedChange change) {
        return change.getPlaces().stream()
                .map(place -> place.getRole() + " " + place.getPath())
                .toList();
    }

    /** By which columns all rows are told to be at their places, one time after the other. */
    private List<List<String>> placed(List<RouteCommand> commands) {
        return commands.stream()
                .map(RouteCommand::getCommand)
                .filter(PlacedColumns.class::isInstance)
                .map(command -> ((PlacedColumns) command).getColumns())
                .toList();
    }

    @Test
    void rowsThatAreThereGoToThePlacesOfTheModel() {
        rows.declare(RowsDriver.MODEL);
        rows.append(inserted("posts", "{\"id\":1,\"user_id\":2,\"editor_id\":3}"), "posts", "1");
        rows.append(inserted("posts", "{\"id\":2,\"user_id\":null,\"editor_id\":null}"), "posts", "2");
        rows.commands();

        rows.declare(EDITORS);
        List<RouteCommand> atOnce = rows.commands();
        rows.flow.runTicks();

        List<RouteCommand> later = rows.commands();
        assertThat(placed(atOnce)).as("users are found by no columns").containsExactly(List.of());
        assertThat(later).hasSize(2);
        RoutedChange placed = (RoutedChange) later.get(0).getCommand();
        assertThat(placed.getOp()).isEqualTo(RowOperation.snapshot);
        assertThat(placed.getRecord()).isEqualTo("posts/1");
        assertThat(placed.getRef()).isEqualTo(rows.find("posts", "1").ref());
        assertThat(placesOf(placed)).containsExactly("entered posts/editor_id/3", "left posts/user_id/2");
        assertThat(placed(later)).containsExactly(List.of("posts/editor_id"));
    }

    @Test
    void aRowThatChangesBeforeItsTurnIsAtThePlacesOfTheModel() {
        rows.declare(RowsDriver.MODEL);
        rows.append(inserted("posts", "{\"id\":1,\"user_id\":2,\"editor_id\":3}"), "posts", "1");
        rows.declare(EDITORS);
        rows.routed();

        rows.append(updated("posts", "{\"id\":1,\"user_id\":4,\"editor_id\":5}"), "posts", "1");

        assertThat(placesOf(rows.routed().get(0)))
                .containsExactlyInAnyOrder(
                        "subject posts/1",
                        "left posts/editor_id/3",
                        "entered posts/editor_id/5",
                        "left posts/user_id/2");
    }

    @Test
    void aModelWithTheSameColumnsMovesNothing() {
        rows.declare(RowsDriver.MODEL);
        rows.append(inserted("posts", "{\"id\":1,\"user_id\":2}"), "posts", "1");
        rows.commands();

        rows.declare(ModelFile.parse(KnownModel.ofFile(RowsDriver.MODEL).text().replace("\"name\"", "\"title\"")));
        rows.flow.runTicks();

        assertThat(rows.routed()).isEmpty();
        assertThat(rows.stats.placingBegun()).isZero();
    }

    @Test
    void manyRowsGoBitByBitAndGoOnAfterARestart() {
        int count = 2_500;
        rows.declare(RowsDriver.MODEL);
        for (int id = 0; id < count; id++) {
            rows.append(inserted("posts", "{\"id\":" + id + ",\"editor_id\":3}"), "posts", "" + id);
        }
        rows.declare(EDITORS);
        rows.routed();

        rows.flow.runOneTick();
        List<RoutedChange> first = rows.routed();
        rows.flow.restart();
        rows.flow.runTicks();

        List<RouteCommand> rest = rows.commands();
        assertThat(first).hasSize(1_000);
        assertThat(rest).hasSize(count - 1_000 + 1);
        assertThat(placed(rest)).containsExactly(List.of("posts/editor_id"));
        assertThat(rows.stats.placed()).isEqualTo(count);
    }
}
