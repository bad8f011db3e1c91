package io.forebay.sync.association;

import static io.forebay.sync.association.PlaceCommands.alsoAt;
import static io.forebay.sync.association.PlaceCommands.answer;
import static io.forebay.sync.association.PlaceCommands.at;
import static io.forebay.sync.association.PlaceCommands.change;
import static io.forebay.sync.association.PlaceCommands.interest;
import static io.forebay.sync.association.PlaceCommands.truncated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.FlowDriver;
import io.forebay.command.OutcomeRetention;
import io.forebay.schemas.avro.ChangeDelivery;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.avro.TransactionWhole;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.SyncConfig;
import io.forebay.sync.association.query.CopiesFound;
import io.forebay.sync.association.query.FindCopies;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.channel.query.SentCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesDeciderTest {

    private static final String PLACE = "posts/user_id/42";
    private static final String OTHER = "posts/user_id/4";

    private FlowDriver driver;
    private long number;
    private long numberOfPlaced;

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
                        catalogue.syncDeliveries(),
                        (serdes, engine, ticks, health) -> PlacesFlow.addTo(
                                new Topology(),
                                catalogue,
                                serdes,
                                engine,
                                SyncConfig.defaults(),
                                retention,
                                ticks,
                                health)));
        placed("posts/user_id");
    }

    /** By which columns all rows are at their places. */
    private void placed(String... columns) {
        append(new PlacedColumns(0, ++numberOfPlaced, numberOfPlaced, List.of(columns)));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void send(RoutedChange.Builder change) {
        append(change.setNumber(++number).build());
    }

    private void append(Object command) {
        byte[] value = driver.serdes()
                .serializer(RouteCommand.class)
                .serialize(driver.catalogue().syncRoutes().name(), new RouteCommand(command));
        driver.append(PLACE.getBytes(UTF_8), value, null);
    }

    private void send(PlaceInterest.Builder interest) {
        append(interest.build());
    }

    /** What subscribers were told since it was last asked, each in a line. */
    private List<String> told() {
        return driver.told().stream()
                .map(record -> driver.serdes()
                        .deserializer(DeliveryCommand.class)
                        .deserialize(driver.catalogue().syncDeliveries().name(), record.value()))
                .map(command -> line(command.getCommand()))
                .toList();
    }

    private static String line(Object told) {
        if (told instanceof PlaceRows rows) {
            return rows.getSubscriber() + " " + rows.getKind() + " " + rows.getPlace() + " " + rows.getRequest() + ":"
                    + rows.getRows().stream()
                            .map(row -> " " + row.getRecord() + "@" + row.getPartition() + "-" + row.getRef()
                                    + row.getRow())
                            .collect(Collectors.joining())
                    + (rows.getLast() ? " last" : "");
        }
        if (told instanceof ChangeDelivery change) {
            return change.getOp() + " " + change.getRecord() + "@"
                    + change.getSource().getPartition() + "-"
                    + change.getSource().getOffset() + ":"
                    + change.getConcerned().stream()
                            .map(one -> " " + one.getSubscriber() + "," + one.getKind() + "," + one.getPlace() + ","
                                    + one.getRequest())
                            .collect(Collectors.joining());
        }
        return "whole " + ((TransactionWhole) told).getTransaction();
    }

    private CopiesFound find(String... places) {
        return driver.ask(new FindCopies(List.of(places), Map.of(), 1, 100, 1 << 20));
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
        assertThat(rows("posts/user_id/9")).isEmpty();
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

        CopiesFound there = driver.ask(new FindCopies(List.of(PLACE), Map.of(3, 2L), 1, 100, 1 << 20));
        CopiesFound ahead = driver.ask(new FindCopies(List.of(PLACE), Map.of(3, 3L), 1, 100, 1 << 20));
        CopiesFound elsewhere = driver.ask(new FindCopies(List.of(PLACE), Map.of(1, 1L), 1, 100, 1 << 20));

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

        CopiesFound all = driver.ask(new FindCopies(List.of(PLACE, OTHER), Map.of(), 1, 5, 40));
        CopiesFound fewer = driver.ask(new FindCopies(List.of(PLACE), Map.of(), 1, 4, 1 << 20));
        CopiesFound shorter = driver.ask(new FindCopies(List.of(PLACE), Map.of(), 1, 5, 39));

        assertThat(all.complete()).isTrue();
        assertThat(all.places()).extracting(List::size).containsExactly(5, 0);
        assertThat(List.of(fewer.complete(), shorter.complete())).containsOnly(false);
    }

    @Nested
    class Interests {

        @Test
        void oneIsToldWhatIsAtItsPlace() {
            send(alsoAt(change(1, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
            send(alsoAt(change(2, "posts/8", "{\"id\":8}").setPartition(0), PLACE, PlaceRole.entered));

            send(interest(PlaceKind.column, PLACE, "anna", 5));
            send(interest(PlaceKind.record, "posts/8", "anna", 6));
            send(interest(PlaceKind.record, "posts/9", "anna", 7));
            send(interest(PlaceKind.column, PLACE, "anna", 8).setSnapshot(false));
            send(interest(PlaceKind.table, "posts", "anna", 9).setSnapshot(false));

            assertThat(told())
                    .containsExactly(
                            "anna column posts/user_id/42 5: posts/7@3-1{\"id\":7} posts/8@0-2{\"id\":8} last",
                            "anna record posts/8 6: posts/8@0-2{\"id\":8} last",
                            "anna record posts/9 7: last",
                            "anna column posts/user_id/42 8: last");
        }

        @Test
        void oneInATableIsToldTheRowsThatMeetItsConditions() {
            send(change(1, "posts/7", "{\"id\":7,\"open\":true}"));
            send(change(2, "posts/8", "{\"id\":8,\"open\":false}"));
            send(change(3, "postscripts/9", "{\"id\":9,\"open\":true}"));

            send(interest(PlaceKind.table, "posts", "anna", 5).setWhere("{\"open\":true}"));
            send(interest(PlaceKind.table, "users", "anna", 6));

            assertThat(told())
                    .containsExactly(
                            "anna table posts 5: posts/7@3-1{\"id\":7,\"open\":true} last", "anna table users 6: last");
        }

        @Test
        void rowsOfATableThatAreManyComeByAndBy() {
            for (int i = 0; i < 5_001; i++) {
                send(change(i, "posts/" + i, "{\"id\":" + i + "}"));
            }

            send(interest(PlaceKind.table, "posts", "anna", 5).setWhere("{\"id\":9999}"));
            List<String> before = told();
            driver.runTicks();

            assertThat(before).containsExactly("anna table posts 5:");
            assertThat(told()).containsExactly("anna table posts 5: last");
        }

        @Test
        void manyRowsComeInSeveralRecords() {
            for (int i = 0; i < 501; i++) {
                send(at(change(i, "posts/" + i, "{\"id\":" + i + "}"), PLACE, PlaceRole.entered));
            }

            send(interest(PlaceKind.column, PLACE, "anna", 1));

            List<String> told = told();
            assertThat(told).hasSize(2);
            assertThat(told.get(0)).doesNotEndWith(" last");
            assertThat(told.get(1)).endsWith("{\"id\":99} last");
        }

        @Test
        void aChangeIsToldToAllWhomItConcernsAtOnce() {
            send(interest(PlaceKind.record, "posts/7", "carl", 1));
            send(interest(PlaceKind.table, "posts", "anna", 2));
            send(interest(PlaceKind.column, PLACE, "carl", 3));
            send(interest(PlaceKind.column, OTHER, "anna", 4));
            send(interest(PlaceKind.record, "posts/71", "anna", 5));
            told();

            send(alsoAt(change(9, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.left));

            assertThat(told())
                    .containsExactly("updated posts/7@3-9: anna,table,posts,2 carl,record,posts/7,1"
                            + " carl,column,posts/user_id/42,3");
        }

        @Test
        void aChangeThatConcernsNobodyIsNotTold() {
            send(interest(PlaceKind.record, "posts/7", "anna", 1));
            send(interest(PlaceKind.record, "posts/7", "anna", 1).setWanted(false));
            told();

            send(change(9, "posts/7", "{\"id\":7}"));

            assertThat(told()).isEmpty();
        }

        @Test
        void whatALaterRequestMadeStays() {
            send(interest(PlaceKind.record, "posts/7", "anna", 2));
            send(interest(PlaceKind.record, "posts/7", "anna", 1).setWanted(false));
            told();

            send(change(9, "posts/7", "{\"id\":7}"));

            assertThat(told()).containsExactly("updated posts/7@3-9: anna,record,posts/7,2");
        }

        @Test
        void aSnapshotIsKeptAndNotTold() {
            send(interest(PlaceKind.record, "posts/7", "anna", 1));
            told();

            send(change(9, "posts/7", "{\"id\":7}").setOp(RowOperation.snapshot));
            send(interest(PlaceKind.record, "posts/7", "anna", 2));

            assertThat(told()).containsExactly("anna record posts/7 2: posts/7@3-9{\"id\":7} last");
        }

        @Test
        void manySubscribersAreToldInSeveralRecords() {
            for (int i = 0; i < 1_001; i++) {
                send(interest(PlaceKind.record, "posts/7", "s" + i, 1));
            }
            told();

            send(change(9, "posts/7", "{\"id\":7}"));

            List<String> told = told();
            assertThat(told).hasSize(3);
            assertThat(told.stream()
                            .flatMap(line -> List.of(line.split(" ")).stream().skip(2)))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_001)
                            .mapToObj(i -> "s" + i + ",record,posts/7,1")
                            .toList());
        }
    }

    @Test
    void whatIsToldFitsIntoARecord() {
        String large = "{\"id\":\"" + "x".repeat((2 << 20) - 2_000) + "\"}";
        for (int i = 0; i < 300; i++) {
            send(interest(PlaceKind.record, "posts/7", "s" + i + "y".repeat(500), 1));
        }
        driver.told();

        send(change(9, "posts/7", large).setOldRow(large).setAnswers(1));
        append(answer("posts/7", 9, true));

        List<Integer> sizes =
                driver.told().stream().map(record -> record.value().length).toList();
        assertThat(sizes).hasSizeBetween(2, 20);
        assertThat(sizes)
                .allSatisfy(size -> assertThat(size)
                        .isLessThan(driver.catalogue().syncDeliveries().maxMessageBytes()));
    }

    @Nested
    class Answers {

        @Test
        void aChangeWaitsForWhomItConcernsElsewhere() {
            send(interest(PlaceKind.record, "posts/7", "anna", 1));
            told();

            send(change(9, "posts/7", "{\"id\":7}").setAnswers(2));
            append(answer("posts/7", 9, true));
            append(answer("posts/7", 9, false, new Concerned("bert", PLACE, PlaceKind.column, 4L)));
            List<String> before = told();
            append(answer("posts/7", 9, true, new Concerned("anna", PLACE, PlaceKind.column, 2L)));

            assertThat(before).isEmpty();
            assertThat(told())
                    .containsExactly("updated posts/7@3-9: anna,record,posts/7,1 anna,column,posts/user_id/42,2"
                            + " bert,column,posts/user_id/42,4");
        }

        @Test
        void anAnswerMayComeFirst() {
            append(answer("posts/7", 9, true, new Concerned("anna", PLACE, PlaceKind.column, 2L)));

            send(change(9, "posts/7", "{\"id\":7}").setAnswers(1));

            assertThat(told()).containsExactly("updated posts/7@3-9: anna,column,posts/user_id/42,2");
        }

        @Test
        void whoeverHasNotTheRecordAnswersItsPlace() {
            send(interest(PlaceKind.column, PLACE, "anna", 2));
            told();

            send(at(change(9, "posts/7", "{\"id\":7}"), PLACE, PlaceRole.entered));
            List<String> before = told();
            send(change(9, "posts/7", "{\"id\":7}").setAnswers(1));

            assertThat(before).isEmpty();
            assertThat(told()).containsExactly("updated posts/7@3-9: anna,column,posts/user_id/42,2");
        }

        @Test
        void changesOfARecordDoNotOvertakeEachOther() {
            send(interest(PlaceKind.table, "posts", "anna", 1).setSnapshot(false));
            send(change(9, "posts/7", "{\"id\":7}").setAnswers(1));
            send(change(10, "posts/7", "{\"id\":7}").setAnswers(1));
            send(change(11, "posts/7", "{\"id\":7}"));
            send(change(12, "posts/8", "{\"id\":8}"));
            append(answer("posts/7", 10, true));
            List<String> before = told();

            append(answer("posts/7", 9, true));

            assertThat(before).containsExactly("updated posts/8@3-12: anna,table,posts,1");
            assertThat(told())
                    .containsExactly(
                            "updated posts/7@3-9: anna,table,posts,1",
                            "updated posts/7@3-10: anna,table,posts,1",
                            "updated posts/7@3-11: anna,table,posts,1");
        }

        @Test
        void whatWaitsOutlivesARestart() {
            send(interest(PlaceKind.table, "posts", "anna", 1));
            send(change(9, "posts/7", "{\"id\":7}").setAnswers(1));
            driver.restart();

            append(answer("posts/7", 9, true));

            assertThat(told()).containsExactly("updated posts/7@3-9: anna,table,posts,1");
        }
    }

    @Test
    void aTruncationIsToldToWhoeverHasAnInterestInTheTable() {
        send(interest(PlaceKind.table, "posts", "anna", 1));
        send(interest(PlaceKind.record, "posts/7", "bert", 2));
        send(interest(PlaceKind.column, PLACE, "carl", 3));
        send(interest(PlaceKind.table, "posts2", "dora", 4));
        told();

        send(truncated(9, 2));

        assertThat(told())
                .containsExactly("truncated posts@2-9: anna,table,posts,1 bert,record,posts/7,2"
                        + " carl,column,posts/user_id/42,3");
    }

    @Nested
    class Transactions {

        private static final Duration WAIT = SyncConfig.defaults().transactionWait();

        private RoutedChange.Builder of(String transaction, int rows, RoutedChange.Builder change) {
            return change.setTransaction(transaction).setTransactionRows(rows);
        }

        @Test
        void oneIsWholeBehindItsLastChange() {
            send(interest(PlaceKind.record, "posts/7", "anna", 1));
            told();

            send(of("t1", 2, change(9, "posts/7", "{\"id\":7}")));
            List<String> before = told();
            send(of("t1", 2, change(10, "posts/8", "{\"id\":8}")));

            assertThat(before).containsExactly("updated posts/7@3-9: anna,record,posts/7,1");
            assertThat(told()).containsExactly("whole t1");
        }

        @Test
        void aRepeatedChangeCountsOnce() {
            append(new TransactionPart("t1", 2, "source/db/1/0", List.of(0)));
            append(new TransactionPart("t1", 2, "source/db/1/0", List.of()));
            List<String> before = told();

            append(new TransactionPart("t1", 2, "source/db/2/0", List.of()));

            assertThat(before).isEmpty();
            assertThat(told()).containsExactly("whole t1");
        }

        @Test
        void oneThatConcernsNobodyIsNotTold() {
            append(new TransactionPart("t1", 1, "source/db/1/0", List.of()));

            assertThat(told()).isEmpty();
        }

        @Test
        void oneThatStaysIncompleteIsGivenUpAndForgotten() {
            append(new TransactionPart("t1", 2, "source/db/1/0", List.of(0)));

            pass(WAIT);
            pass(WAIT);
            List<String> givenUp = told();
            append(new TransactionPart("t1", 2, "source/db/2/0", List.of(0)));

            assertThat(givenUp).containsExactly("whole t1");
            assertThat(told()).isEmpty();
        }

        @Test
        void theWaitForTheRestBeginsAnewWithEachChange() {
            append(new TransactionPart("t1", 4, "source/db/1/0", List.of(0)));
            for (int change = 2; change <= 3; change++) {
                pass(WAIT);
                pass(WAIT.minusMillis(1));
                append(new TransactionPart("t1", 4, "source/db/" + change + "/0", List.of(0)));
            }
            List<String> before = told();

            append(new TransactionPart("t1", 4, "source/db/4/0", List.of(0)));

            assertThat(before).isEmpty();
            assertThat(told()).containsExactly("whole t1");
        }

        @Test
        void theTimeWhileNobodyIsAtWorkDoesNotCount() {
            append(new TransactionPart("t1", 2, "source/db/1/0", List.of(0)));
            driver.advance(WAIT.multipliedBy(100));

            driver.restart();
            driver.runTicks();
            pass(WAIT.minusMillis(1));
            List<String> before = told();
            append(new TransactionPart("t1", 2, "source/db/2/0", List.of(0)));

            assertThat(before).isEmpty();
            assertThat(told()).containsExactly("whole t1");
        }

        private void pass(Duration time) {
            driver.advance(time);
            driver.runTicks();
        }

        @Test
        void aGreatOneIsToldChangeByChange() {
            send(interest(PlaceKind.record, "posts/7", "anna", 1));
            told();

            send(of("t1", 10_001, change(9, "posts/7", "{\"id\":7}")));

            assertThat(told()).containsExactly("updated posts/7@3-9: anna,record,posts/7,1");
        }
    }

    @Test
    void itIsKnownHowMuchWasSent() {
        send(interest(PlaceKind.record, "posts/7", "anna", 1));
        send(change(9, "posts/7", "{\"id\":7}").setPartition(2));
        send(at(change(9, "posts/7", "{\"id\":7}").setPartition(2), PLACE, PlaceRole.entered));

        SentCounts.Sent told = driver.ask(
                new SentCounts(Stage.SUBSCRIBERS, List.of(new SentCounts.Arrival(Stage.ROWS, Map.of(2, number)))));
        SentCounts.Sent answered = driver.ask(new SentCounts(Stage.PLACES));
        SentCounts.Sent ahead = driver.ask(new SentCounts(
                Stage.SUBSCRIBERS, List.of(new SentCounts.Arrival(Stage.ROWS, Map.of(2, number + 1)))));

        assertThat(told.behind()).isFalse();
        assertThat(told.numbers()).isEqualTo(Map.of(0, 2L));
        assertThat(told.deferredSince()).isEqualTo(Long.MAX_VALUE);
        assertThat(answered.numbers()).isEqualTo(Map.of(0, 1L));
        assertThat(ahead.behind()).isTrue();
    }

    @Nested
    class OfAnotherModel {

        private static final String NEW = "posts/editor_id/7";

        /** A row as it is, sent to a place where it was not. */
        private RoutedChange.Builder placing(long ref, String place, PlaceRole role) {
            return at(change(ref, "posts/1", "{\"id\":1}"), place, role).setOp(RowOperation.snapshot);
        }

        @Test
        void aPlaceIsNotReadUntilAllRowsAreThere() {
            send(placing(10, NEW, PlaceRole.entered));

            CopiesFound before = find(NEW);
            placed("posts/user_id", "posts/editor_id");

            assertThat(before.indexing()).isTrue();
            assertThat(rows(NEW)).containsExactly("{\"id\":1}");
        }

        @Test
        void aPlaceIsNotReadAnyMoreWhenRowsBeginToLeave() {
            placed();

            assertThat(find(PLACE).indexing()).isTrue();
        }

        @Test
        void anInterestIsToldTheRowsWhenAllAreThere() {
            send(interest(PlaceKind.column, NEW, "anna", 5));
            send(placing(10, NEW, PlaceRole.entered));
            assertThat(told()).isEmpty();

            placed("posts/user_id", "posts/editor_id");
            driver.runTicks();

            assertThat(told()).containsExactly("anna column " + NEW + " 5: posts/1@3-10{\"id\":1} last");
        }

        @Test
        void anInterestThatHeardOfALaterModelWaitsUntilRowsAreThereByIt() {
            send(at(change(10, "posts/1", "{\"id\":1}"), PLACE, PlaceRole.entered));
            send(interest(PlaceKind.column, PLACE, "anna", 5).setModel(3));
            placed("posts/user_id");
            driver.runTicks();
            assertThat(told()).isEmpty();

            placed("posts/user_id");
            driver.runTicks();

            assertThat(told()).containsExactly("anna column " + PLACE + " 5: posts/1@3-10{\"id\":1} last");
        }

        @Test
        void anInterestThatEndedMeanwhileIsToldNothing() {
            send(interest(PlaceKind.column, NEW, "anna", 5));
            send(interest(PlaceKind.column, NEW, "anna", 6).setWanted(false));

            placed("posts/user_id", "posts/editor_id");
            driver.runTicks();

            assertThat(told()).isEmpty();
        }

        @Test
        void anInterestWaitsAgainWhenThePlaceIsNotWholeAnyMore() {
            send(interest(PlaceKind.column, NEW, "anna", 5));
            placed("posts/editor_id");
            placed();
            driver.runTicks();
            assertThat(told()).isEmpty();

            placed("posts/editor_id");
            driver.restart();
            driver.runTicks();

            assertThat(told()).containsExactly("anna column " + NEW + " 5: last");
        }

        @Test
        void whatIsOlderThanTheRowThatIsThereChangesNothing() {
            placed("posts/editor_id");
            send(at(change(11, "posts/1", "{\"id\":1,\"n\":2}"), NEW, PlaceRole.entered));

            send(placing(10, NEW, PlaceRole.entered));
            send(placing(10, NEW, PlaceRole.left));

            assertThat(rows(NEW)).containsExactly("{\"id\":1,\"n\":2}");
        }

        @Test
        void aReadIsAtThePositionOfTheLastChangeThatArrived() {
            placed("posts/editor_id");
            send(at(change(11, "posts/2", "{\"id\":2}"), NEW, PlaceRole.entered));

            send(placing(10, NEW, PlaceRole.entered));

            assertThat(find(NEW).refs()).containsEntry(3, 11L);
        }
    }
}
