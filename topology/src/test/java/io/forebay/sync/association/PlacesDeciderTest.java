package io.forebay.sync.association;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.FlowDriver;
import io.forebay.command.OutcomeRetention;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.association.query.CopiesFound;
import io.forebay.sync.association.query.FindCopies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesDeciderTest {

    private static final String PLACE = "posts/user_id/42";
    private static final String OTHER = "posts/user_id/4";

    private FlowDriver driver;
    private long number;

    @BeforeEach
    void open(@TempDir Path dir) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        driver = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        PlacesFlow.store(catalogue),
                        catalogue.syncRoutes(),
                        (serdes, engine, ticks, health) ->
                                PlacesFlow.addTo(new Topology(), catalogue, serdes, engine, retention, ticks, health)));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void send(RoutedChange.Builder change) {
        byte[] value = driver.serdes()
                .serializer(RouteCommand.class)
                .serialize(
                        driver.catalogue().syncRoutes().name(),
                        new RouteCommand(change.setNumber(++number).build()));
        driver.append(PLACE.getBytes(UTF_8), value, null);
    }

    private static RoutedChange.Builder change(long ref, String record, @Nullable String row) {
        return RoutedChange.newBuilder()
                .setPartition(3)
                .setNumber(0)
                .setRef(ref)
                .setOp(row == null ? RowOperation.deleted : RowOperation.updated)
                .setRecord(record)
                .setNewRow(row)
                .setPlaces(List.of(new RoutedPlace(record, PlaceRole.subject)));
    }

    private static RoutedChange.Builder at(RoutedChange.Builder change, String place, PlaceRole role) {
        return change.setPlaces(List.of(new RoutedPlace(place, role)));
    }

    private static RoutedChange.Builder truncated(long ref, int partition) {
        return change(ref, "posts", null)
                .setOp(RowOperation.truncated)
                .setPartition(partition)
                .setPlaces(List.of());
    }

    private CopiesFound find(String... places) {
        return driver.ask(new FindCopies(List.of(places), Map.of(), 100, 1 << 20));
    }

    private List<String> rows(String place) {
        return find(place).places().get(0).stream()
                .map(row -> new String(row, UTF_8))
                .toList();
    }

    @Test
    void aRowIsWhereItEnteredAndNowhereElse() {
        send(at(change(1, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
        send(at(change(2, "posts/8", "{\"id\":8}"), PLACE, PlaceRole.entered));
        send(change(3, "posts/9", "{\"id\":9}"));

        assertThat(rows(PLACE)).containsExactly("{\"id\":7}", "{\"id\":8}");
        assertThat(rows(OTHER)).isEmpty();
        assertThat(rows("posts/9")).isEmpty();
    }

    @Test
    void aRowThatStaysIsTheNewOneAndARowThatLeftIsGone() {
        send(at(change(1, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
        send(at(change(2, "posts/8", "{\"id\":8}"), PLACE, PlaceRole.entered));
        send(at(change(3, "posts/7", "{\"id\":7,\"n\":1}"), PLACE, PlaceRole.stayed));
        send(at(change(4, "posts/8", "{\"id\":8}"), PLACE, PlaceRole.left));

        assertThat(rows(PLACE)).containsExactly("{\"id\":7,\"n\":1}");
    }

    @Test
    void anOlderChangeDoesNotUndoANewerOne() {
        send(at(change(5, "posts/7", "{\"id\":7,\"n\":1}"), PLACE, PlaceRole.entered));
        send(at(change(4, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.stayed));
        send(at(change(4, "posts/7", null), PLACE, PlaceRole.left));

        assertThat(rows(PLACE)).containsExactly("{\"id\":7,\"n\":1}");
    }

    @Test
    void aTruncationTakesWhatCameBeforeFromItsPartition() {
        send(at(change(1, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
        send(at(change(9, "posts/8", "{\"id\":8}").setPartition(2), PLACE, PlaceRole.entered));
        send(at(change(2, "posts/6", "{\"id\":6}").setSource(new RowSource("db", 20L, 0)), PLACE, PlaceRole.entered));
        send(truncated(5, 3).setSource(new RowSource("db", 10L, 0)));
        send(at(change(6, "posts/5", "{\"id\":5}"), PLACE, PlaceRole.entered));
        List<String> before = rows(PLACE);

        driver.runTicks();

        assertThat(before).containsExactly("{\"id\":5}", "{\"id\":6}", "{\"id\":8}");
        assertThat(rows(PLACE)).isEqualTo(before);
        driver.advance(Duration.ofSeconds(2));
        assertThat(driver.runTicks()).isZero();
    }

    @Test
    void whatWasTruncatedStaysSoOverARestart() {
        send(at(change(1, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
        send(truncated(5, 3));

        driver.restart();

        assertThat(rows(PLACE)).isEmpty();
    }

    @Test
    void itIsKnownWhatHasArrived() {
        send(at(change(7, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
        send(change(8, "posts/8", "{\"id\":8}"));

        CopiesFound there = driver.ask(new FindCopies(List.of(PLACE), Map.of(3, 2L), 100, 1 << 20));
        CopiesFound ahead = driver.ask(new FindCopies(List.of(PLACE), Map.of(3, 3L), 100, 1 << 20));
        CopiesFound elsewhere = driver.ask(new FindCopies(List.of(PLACE), Map.of(1, 1L), 100, 1 << 20));

        assertThat(there.behind()).isFalse();
        assertThat(there.refs()).isEqualTo(Map.of(3, 8L));
        assertThat(ahead.behind()).isTrue();
        assertThat(elsewhere.behind()).isTrue();
    }

    @Test
    void anAnswerIsBounded() {
        for (int i = 0; i < 5; i++) {
            send(at(change(i, "posts/" + i, "{\"id\":" + i + "}"), PLACE, PlaceRole.entered));
        }

        CopiesFound all = driver.ask(new FindCopies(List.of(PLACE, OTHER), Map.of(), 5, 40));
        CopiesFound fewer = driver.ask(new FindCopies(List.of(PLACE), Map.of(), 4, 1 << 20));
        CopiesFound shorter = driver.ask(new FindCopies(List.of(PLACE), Map.of(), 5, 39));

        assertThat(all.complete()).isTrue();
        assertThat(all.places()).extracting(List::size).containsExactly(5, 0);
        assertThat(List.of(fewer.complete(), shorter.complete())).containsOnly(false);
    }
}
