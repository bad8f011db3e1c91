package io.forebay.sync.change;

import static io.forebay.sync.change.RowsDriver.at;
import static io.forebay.sync.change.RowsDriver.deleted;
import static io.forebay.sync.change.RowsDriver.inserted;
import static io.forebay.sync.change.RowsDriver.snapshot;
import static io.forebay.sync.change.RowsDriver.truncated;
import static io.forebay.sync.change.RowsDriver.updated;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsDeciderTest {

    private RowsDriver driver;

    @BeforeEach
    void open(@TempDir Path dir) {
        driver = new RowsDriver(dir);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private RoutedChange only() {
        List<RoutedChange> routed = driver.routed();
        assertThat(routed).hasSize(1);
        return routed.get(0);
    }

    private static String places(RoutedChange change) {
        return change.getPlaces().stream()
                .map(place -> place.getRole() + " " + place.getPath())
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
    }

    @Nested
    class Rows {

        @Test
        void anInsertedRowIsStoredAndGoesToItsPlaces() {
            long ref = driver.append(
                    inserted("posts", "{\"id\":7, \"user_id\":42,\"score\":1.50}")
                            .setId("e1")
                            .setBy("anna")
                            .setTransaction("t1")
                            .setTransactionRows(1)
                            .setSource(at(5)),
                    "posts",
                    "7");

            RoutedChange routed = only();
            assertThat(driver.row("posts", "7")).isEqualTo("{\"id\":7, \"user_id\":42,\"score\":1.50}");
            assertThat(driver.find("posts", "7").ref()).isEqualTo(ref);
            assertThat(routed.getOp()).isEqualTo(RowOperation.inserted);
            assertThat(routed.getRecord()).isEqualTo("posts/7");
            assertThat(routed.getRef()).isEqualTo(ref);
            assertThat(routed.getOldRow()).isNull();
            assertThat(routed.getNewRow()).isEqualTo("{\"id\":7, \"user_id\":42,\"score\":1.50}");
            assertThat(routed.getId()).isEqualTo("e1");
            assertThat(routed.getBy()).isEqualTo("anna");
            assertThat(routed.getTransaction()).isEqualTo("t1");
            assertThat(routed.getTransactionRows()).isEqualTo(1);
            assertThat(routed.getSource()).isEqualTo(at(5));
            assertThat(places(routed)).isEqualTo("subject posts/7, entered posts/user_id/42");
        }

        @Test
        void aRowThatMovesLeavesOnePlaceAndEntersAnother() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}"), "posts", "7");
            driver.routed();

            driver.append(updated("posts", "{\"id\":7,\"user_id\":43}"), "posts", "7");

            RoutedChange routed = only();
            assertThat(places(routed)).isEqualTo("subject posts/7, left posts/user_id/42, entered posts/user_id/43");
            assertThat(routed.getOldRow()).isEqualTo("{\"id\":7,\"user_id\":42}");
        }

        @Test
        void aRowThatStaysIsToldToItsPlaceOnce() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}"), "posts", "7");
            driver.routed();

            driver.append(updated("posts", "{\"id\":7,\"user_id\":42,\"title\":\"x\"}"), "posts", "7");

            assertThat(places(only())).isEqualTo("subject posts/7, stayed posts/user_id/42");
        }

        @Test
        void nullAndAbsentAreNoPlaces() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":null}"), "posts", "7");
            driver.append(inserted("posts", "{\"id\":8}"), "posts", "8");

            assertThat(driver.routed())
                    .extracting(RowsDeciderTest::places)
                    .containsExactly("subject posts/7", "subject posts/8");
        }

        @Test
        void severalColumnsAreOnePlace() {
            driver.append(
                    inserted("grades", "{\"school\":\"a/b\",\"pupil\":1,\"teacher\":null}"), "grades", "a/b", "1");
            driver.append(updated("grades", "{\"school\":\"a/b\",\"pupil\":1,\"teacher\":9}"), "grades", "a/b", "1");

            assertThat(driver.routed())
                    .extracting(RowsDeciderTest::places)
                    .containsExactly(
                            "subject grades/a%2Fb/1, entered grades/pupil/1",
                            "subject grades/a%2Fb/1, entered grades/school%2Fteacher/a%2Fb/9, stayed grades/pupil/1");
        }

        @Test
        void aDeletedRowLeavesItsPlacesAndItsRefRemains() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}"), "posts", "7");
            driver.routed();

            long ref = driver.append(deleted("posts"), "posts", "7");

            RoutedChange routed = only();
            assertThat(driver.row("posts", "7")).isNull();
            assertThat(driver.find("posts", "7").ref()).isEqualTo(ref);
            assertThat(routed.getOp()).isEqualTo(RowOperation.deleted);
            assertThat(routed.getOldRow()).isEqualTo("{\"id\":7,\"user_id\":42}");
            assertThat(routed.getNewRow()).isNull();
            assertThat(places(routed)).isEqualTo("subject posts/7, left posts/user_id/42");
        }

        @Test
        void aSnapshotGoesToItsPlacesAndNobodyIsToAnswer() {
            driver.append(snapshot("posts", "{\"id\":7,\"user_id\":42}"), "posts", "7");

            RoutedChange routed = only();
            assertThat(places(routed)).isEqualTo("subject posts/7, entered posts/user_id/42");
            assertThat(routed.getAnswers()).isZero();
            assertThat(driver.row("posts", "7")).isEqualTo("{\"id\":7,\"user_id\":42}");
        }

        @Test
        void numbersOfWhatIsSentHaveNoGaps() {
            driver.append(inserted("users", "{\"id\":1}"), "users", "1");
            driver.append(inserted("users", "{\"id\":1}"), "users", "1");
            driver.append(updated("users", "{\"id\":1}"), "users", "1");
            driver.flow.restart();
            driver.append(deleted("users"), "users", "1");

            List<RoutedChange> routed = driver.routed();

            // What was told before the restart and not read is gone.
            assertThat(routed).extracting(RoutedChange::getNumber).containsExactly(3L);
        }

        @Test
        void aTableThatTheModelDoesNotHaveIsPassedOver() {
            RowOutcome outcome = driver.decide(inserted("strangers", "{\"id\":1}"), "strangers", "1");

            assertThat(outcome.applied()).isFalse();
            assertThat(driver.routed()).isEmpty();
            assertThat(driver.row("strangers", "1")).isNull();
            assertThat(driver.stats.unknown()).isEqualTo(1);
            assertThat(driver.flow.refusals()).isEmpty();
        }
    }

    @Nested
    class Completion {

        @Test
        void whatAnUpdateLeavesOutIsAsItWas() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42,\"body\":\"long\"}"), "posts", "7");
            driver.routed();

            driver.append(updated("posts", "{\"id\":7,\"user_id\":43}"), "posts", "7");

            assertThat(driver.row("posts", "7")).isEqualTo("{\"id\":7,\"user_id\":43,\"body\":\"long\"}");
            assertThat(only().getNewRow()).isEqualTo("{\"id\":7,\"user_id\":43,\"body\":\"long\"}");
        }

        @Test
        void anUpdateOfWhatIsNotKnownIsCompletedFromItsOldRow() {
            driver.append(
                    updated("posts", "{\"id\":7,\"title\":\"b\"}")
                            .setBefore("{\"id\":7,\"title\":\"a\",\"user_id\":42}"),
                    "posts",
                    "7");

            RoutedChange routed = only();
            assertThat(routed.getOldRow()).isEqualTo("{\"id\":7,\"title\":\"a\",\"user_id\":42}");
            assertThat(routed.getNewRow()).isEqualTo("{\"id\":7,\"title\":\"b\",\"user_id\":42}");
            assertThat(places(routed)).isEqualTo("subject posts/7, stayed posts/user_id/42");
        }

        @Test
        void theOldRowIsTheOneThatWasToldLast() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}"), "posts", "7");
            driver.routed();

            driver.append(
                    updated("posts", "{\"id\":7,\"user_id\":44}")
                            .setBefore("{\"id\":7,\"user_id\":43,\"title\":\"a\"}"),
                    "posts",
                    "7");

            RoutedChange routed = only();
            assertThat(routed.getOldRow()).isEqualTo("{\"id\":7,\"user_id\":42,\"title\":\"a\"}");
            assertThat(places(routed)).isEqualTo("subject posts/7, left posts/user_id/42, entered posts/user_id/44");
        }

        @Test
        void aDeletionOfWhatIsNotKnownTellsWhatItKnows() {
            driver.append(deleted("posts").setBefore("{\"id\":7,\"user_id\":42}"), "posts", "7");

            assertThat(places(only())).isEqualTo("subject posts/7, left posts/user_id/42");
        }
    }

    @Nested
    class LateAndRepeated {

        @ParameterizedTest
        @ValueSource(longs = {5, 4})
        void aChangeThatIsNotBehindTheLastOneOfItsSourceChangesNothing(long position) {
            long ref =
                    driver.append(inserted("users", "{\"id\":1,\"name\":\"a\"}").setSource(at(5)), "users", "1");
            driver.routed();

            RowOutcome outcome =
                    driver.decide(updated("users", "{\"id\":1,\"name\":\"b\"}").setSource(at(position)), "users", "1");

            assertThat(outcome).isEqualTo(new RowOutcome(ref, false));
            assertThat(driver.routed()).isEmpty();
            assertThat(driver.row("users", "1")).isEqualTo("{\"id\":1,\"name\":\"a\"}");
            assertThat(driver.stats.repeated()).isEqualTo(1);
        }

        @Test
        void atOnePositionTheIndexDecides() {
            driver.append(
                    inserted("users", "{\"id\":1,\"name\":\"a\"}").setSource(new RowSource("db", 5L, 1)), "users", "1");

            RowOutcome late = driver.decide(
                    updated("users", "{\"id\":1,\"name\":\"b\"}").setSource(new RowSource("db", 5L, 0)), "users", "1");
            RowOutcome later = driver.decide(
                    updated("users", "{\"id\":1,\"name\":\"c\"}").setSource(new RowSource("db", 5L, 2)), "users", "1");

            assertThat(List.of(late.applied(), later.applied())).containsExactly(false, true);
        }

        @Test
        void placesOfDifferentSourcesDoNotCompare() {
            driver.append(inserted("users", "{\"id\":1}").setSource(at(5)), "users", "1");

            RowOutcome outcome = driver.decide(
                    updated("users", "{\"id\":1}").setSource(new RowSource("other", 1L, 0)), "users", "1");

            assertThat(outcome.applied()).isTrue();
        }

        @Test
        void aChangeBeforeTheDeletionIsLate() {
            driver.append(deleted("users").setSource(at(5)), "users", "1");

            RowOutcome outcome = driver.decide(inserted("users", "{\"id\":1}").setSource(at(4)), "users", "1");

            assertThat(outcome.applied()).isFalse();
            assertThat(driver.row("users", "1")).isNull();
        }

        @Test
        void aPlaceInTheLogIsRememberedOverAChangeWithoutOne() {
            driver.append(inserted("users", "{\"id\":1}").setSource(at(5)), "users", "1");
            driver.append(updated("users", "{\"id\":1,\"name\":\"a\"}"), "users", "1");

            RowOutcome outcome = driver.decide(updated("users", "{\"id\":1}").setSource(at(5)), "users", "1");

            assertThat(outcome.applied()).isFalse();
        }

        @Test
        void withoutAPlaceARepetitionIsWhatIsKnownAlready() {
            driver.append(inserted("users", "{\"id\":1,\"name\":\"a\"}"), "users", "1");

            RowOutcome again = driver.decide(inserted("users", "{\"name\":\"a\",\"id\":1.0}"), "users", "1");
            RowOutcome inserted = driver.decide(inserted("users", "{\"name\":\"a\", \"id\":1}"), "users", "1");
            RowOutcome snapshot = driver.decide(snapshot("users", "{\"id\":1,\"name\":\"a\"}"), "users", "1");
            RowOutcome updated = driver.decide(updated("users", "{\"id\":1,\"name\":\"a\"}"), "users", "1");
            RowOutcome deleted = driver.decide(deleted("users"), "users", "1");
            RowOutcome deletedAgain = driver.decide(deleted("users"), "users", "1");

            assertThat(List.of(
                            again.applied(),
                            inserted.applied(),
                            snapshot.applied(),
                            updated.applied(),
                            deleted.applied(),
                            deletedAgain.applied()))
                    .containsExactly(false, false, false, true, true, false);
        }

        @Test
        void aChangeUnderAnIdThatWasSeenIsRepeated() {
            driver.append(updated("users", "{\"id\":1,\"name\":\"a\"}").setId("e1"), "users", "1");
            driver.append(updated("users", "{\"id\":1,\"name\":\"b\"}"), "users", "1");

            RowOutcome outcome =
                    driver.decide(updated("users", "{\"id\":1,\"name\":\"a\"}").setId("e1"), "users", "1");

            assertThat(outcome.applied()).isFalse();
            assertThat(driver.row("users", "1")).isEqualTo("{\"id\":1,\"name\":\"b\"}");
        }

        @Test
        void anIdOfAnotherChangeIsRefused() {
            driver.append(updated("users", "{\"id\":1}").setId("e1"), "users", "1");

            driver.append(updated("users", "{\"id\":2}").setId("e1"), "users", "2");

            assertThat(driver.flow.refusals()).containsExactly("change_id_reused /id: an id that no other change has");
        }

        /** The row is the same; only how far its source has got is new, and has to be remembered. */
        @Test
        void aSnapshotOfTheRowThatIsThereIsNotSent() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}").setSource(at(5)), "posts", "7");
            driver.routed();

            driver.append(snapshot("posts", "{\"id\":7,\"user_id\":42}").setSource(at(9)), "posts", "7");
            RowOutcome late =
                    driver.decide(updated("posts", "{\"id\":7,\"user_id\":1}").setSource(at(8)), "posts", "7");

            assertThat(driver.routed()).isEmpty();
            assertThat(late.applied()).isFalse();
        }
    }

    @Nested
    class OtherKeys {

        @Test
        void anUpdateOfTheKeyIsAnInsertionAndADeletion() {
            driver.append(inserted("posts", "{\"id\":7,\"user_id\":42}").setSource(at(1)), "posts", "7");
            driver.routed();

            driver.append(
                    updated("posts", "{\"id\":8}")
                            .setBefore("{\"id\":7,\"user_id\":42}")
                            .setSource(at(2))
                            .setTransaction("t"),
                    "posts",
                    "8");

            List<RoutedChange> routed = driver.routed();
            assertThat(routed)
                    .extracting(RoutedChange::getOp)
                    .containsExactly(RowOperation.inserted, RowOperation.deleted);
            assertThat(routed)
                    .extracting(RowsDeciderTest::places)
                    .containsExactly(
                            "subject posts/8, entered posts/user_id/42", "subject posts/7, left posts/user_id/42");
            assertThat(routed).extracting(RoutedChange::getTransaction).containsOnly("t");
            assertThat(driver.row("posts", "7")).isNull();
            assertThat(driver.row("posts", "8")).isEqualTo("{\"id\":8,\"user_id\":42}");
        }

        @Test
        void whenItIsRepeatedNothingIsDeletedAgain() {
            driver.append(inserted("users", "{\"id\":7}").setSource(at(1)), "users", "7");
            driver.append(updated("users", "{\"id\":8}").setBefore("{\"id\":7}").setSource(at(2)), "users", "8");
            driver.append(inserted("users", "{\"id\":7}").setSource(at(3)), "users", "7");

            driver.append(updated("users", "{\"id\":8}").setBefore("{\"id\":7}").setSource(at(2)), "users", "8");

            assertThat(driver.row("users", "7")).isEqualTo("{\"id\":7}");
        }
    }

    @Nested
    class TruncatedTables {

        @Test
        void allRowsOfTheTableGoAndEachPartitionIsToldOnce() {
            for (int i = 0; i < 3; i++) {
                driver.append(inserted("posts", "{\"id\":" + i + ",\"user_id\":42}"), "posts", "" + i);
            }
            driver.append(inserted("users", "{\"id\":1}"), "users", "1");
            driver.routed();

            driver.append(truncated("posts"), "posts");

            List<RoutedChange> routed = driver.routed();
            assertThat(driver.row("posts", "0")).isNull();
            assertThat(driver.row("posts", "2")).isNull();
            assertThat(driver.row("users", "1")).isNotNull();
            assertThat(routed).extracting(RoutedChange::getOp).containsOnly(RowOperation.truncated);
            assertThat(routed).extracting(RowsDeciderTest::places).containsExactly("");
        }

        @Test
        void whatIsInsertedAfterwardsStays() {
            driver.append(inserted("posts", "{\"id\":1,\"user_id\":42}"), "posts", "1");
            driver.append(truncated("posts"), "posts");
            driver.routed();

            driver.append(inserted("posts", "{\"id\":1,\"user_id\":42}"), "posts", "1");

            assertThat(driver.row("posts", "1")).isNotNull();
            RoutedChange routed = only();
            assertThat(routed.getOldRow()).isNull();
            assertThat(places(routed)).isEqualTo("subject posts/1, entered posts/user_id/42");
        }

        @Test
        void theSourceSaysWhichRowsCameBefore() {
            driver.append(inserted("posts", "{\"id\":1}").setSource(at(12)), "posts", "1");
            driver.append(inserted("posts", "{\"id\":2}").setSource(at(9)), "posts", "2");
            driver.append(truncated("posts").setSource(at(10)), "posts");

            RowOutcome late = driver.decide(inserted("posts", "{\"id\":3}").setSource(at(8)), "posts", "3");
            RowOutcome later = driver.decide(inserted("posts", "{\"id\":4}").setSource(at(11)), "posts", "4");

            assertThat(driver.row("posts", "1")).isNotNull();
            assertThat(driver.row("posts", "2")).isNull();
            assertThat(late.applied()).isFalse();
            assertThat(later.applied()).isTrue();
        }

        @Test
        void aRepeatedTruncationTakesNothing() {
            driver.append(truncated("posts").setSource(at(10)), "posts");
            driver.append(inserted("posts", "{\"id\":1}"), "posts", "1");
            driver.routed();

            driver.append(truncated("posts").setSource(at(10)), "posts");

            assertThat(driver.row("posts", "1")).isNotNull();
            assertThat(driver.routed()).isEmpty();
        }

        @Test
        void ticksSweepWhatWent() {
            for (int i = 0; i < 2_500; i++) {
                driver.append(inserted("posts", "{\"id\":" + i + "}"), "posts", "" + i);
            }
            driver.append(truncated("posts"), "posts");
            driver.append(inserted("posts", "{\"id\":1}"), "posts", "1");

            driver.flow.runTicks();
            driver.flow.runTicks();

            assertThat(driver.find("posts", "2").ref()).isEqualTo(-1);
            assertThat(driver.find("posts", "2499").ref()).isEqualTo(-1);
            assertThat(driver.row("posts", "1")).isNotNull();
            driver.flow.advance(Duration.ofSeconds(2));
            assertThat(driver.flow.runTicks()).isZero();
        }

        @Test
        void aRestartedPartitionKnowsWhatWent() {
            driver.append(inserted("posts", "{\"id\":1}"), "posts", "1");
            driver.append(truncated("posts"), "posts");
            driver.flow.restart();

            RowOutcome again = driver.decide(deleted("posts"), "posts", "1");

            assertThat(driver.row("posts", "1")).isNull();
            assertThat(again.applied()).isFalse();
        }
    }

    @Nested
    class Retention {

        @Test
        void aDeletionIsForgottenAfterItsTime() {
            long ref = driver.append(deleted("users").setSource(at(5)), "users", "1");
            driver.flow.advance(RowsDriver.DELETED_RETENTION.minusMinutes(1));
            driver.flow.runTicks();
            long before = driver.find("users", "1").ref();

            driver.flow.advance(Duration.ofMinutes(2));
            driver.flow.runTicks();

            assertThat(before).isEqualTo(ref);
            assertThat(driver.find("users", "1").ref()).isEqualTo(-1);
        }

        @Test
        void aRecordThatIsThereAgainIsNotForgotten() {
            driver.append(deleted("users"), "users", "1");
            driver.append(inserted("users", "{\"id\":1}"), "users", "1");

            driver.flow.advance(RowsDriver.DELETED_RETENTION.plusMinutes(1));
            driver.flow.runTicks();

            assertThat(driver.row("users", "1")).isNotNull();
        }

        @Test
        void aChangeCanBeAskedForByItsIdForATime() {
            long ref = driver.append(inserted("users", "{\"id\":1}").setId("e1"), "users", "1");
            long known = driver.change("e1").ref();

            driver.flow.advance(RowsDriver.CHANGE_RETENTION.plusMinutes(1));
            driver.flow.runTicks();

            assertThat(known).isEqualTo(ref);
            assertThat(driver.change("e1").op()).isNull();
        }

        @Test
        void aTruncationIsForgottenAfterItsTime() {
            driver.append(truncated("posts").setSource(at(10)), "posts");

            driver.flow.advance(RowsDriver.DELETED_RETENTION.plusMinutes(1));
            driver.flow.runTicks();
            driver.flow.advance(Duration.ofSeconds(2));
            driver.flow.runTicks();
            RowOutcome outcome = driver.decide(inserted("posts", "{\"id\":1}").setSource(at(9)), "posts", "1");

            assertThat(outcome.applied()).isTrue();
        }
    }

    @Nested
    class Refusals {

        private static final int LARGE = 1_200_000;

        @Test
        void aRowThatGrowsBeyondARecordIsRefusedAndStaysAsItWas() {
            String title = "x".repeat(LARGE);
            driver.append(inserted("users", "{\"id\":1,\"name\":\"" + title + "\"}"), "users", "1");

            driver.append(updated("users", "{\"id\":1,\"more\":\"" + title + "\"}"), "users", "1");

            assertThat(driver.flow.refusals()).singleElement().asString().startsWith("too_large /after: ");
            assertThat(driver.row("users", "1")).doesNotContain("more");
            assertThat(driver.decide(deleted("users"), "users", "1").applied()).isTrue();
        }

        /** Each byte of it is three in a path. */
        @Test
        void aPlaceThatIsLargerThanARecordIsRefused() {
            driver.append(inserted("posts", "{\"id\":1,\"user_id\":\"" + " ".repeat(LARGE) + "\"}"), "posts", "1");

            assertThat(driver.flow.refusals()).singleElement().asString().startsWith("too_large /after: ");
            assertThat(driver.row("posts", "1")).isNull();
            assertThat(driver.routed()).isEmpty();
        }

        @Test
        void aFormerKeyThatIsLargerThanARecordIsRefused() {
            driver.append(
                    updated("users", "{\"id\":1}").setBefore("{\"id\":\"" + " ".repeat(LARGE) + "\"}"), "users", "1");

            assertThat(driver.flow.refusals()).singleElement().asString().startsWith("too_large /after: ");
            assertThat(driver.row("users", "1")).isNull();
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 513})
        void theNameOfASourceIsBounded(int length) {
            driver.append(
                    inserted("users", "{\"id\":1}").setSource(new RowSource("x".repeat(length), 1L, 0)), "users", "1");

            assertThat(driver.flow.refusals()).containsExactly("invalid /source/name: 1 to 512 characters");
        }

        @Test
        void aRowOfAnotherKeyIsRefused() {
            driver.append(inserted("users", "{\"id\":2}"), "users", "1");
            driver.append(inserted("users", "{\"name\":\"a\"}"), "users", "1");

            assertThat(driver.flow.refusals())
                    .containsExactly(
                            "invalid /after/id: the value in the record key",
                            "invalid /after/id: the value in the record key");
        }

        @Test
        void aKeyOfAnotherLengthIsRefused() {
            driver.append(inserted("grades", "{\"school\":1,\"pupil\":2}"), "grades", "1");

            assertThat(driver.flow.refusals())
                    .containsExactly("wrong_key key: as many values as the primary key has columns in the model");
        }

        @Test
        void keyColumnsInAnotherOrderAreRefused() {
            driver.append(
                    inserted("grades", "{\"school\":1,\"pupil\":2}").setKeyColumns(List.of("pupil", "school")),
                    "grades",
                    "1",
                    "2");

            assertThat(driver.flow.refusals())
                    .containsExactly("invalid /key_columns: the primary key in the order of the model");
        }

        @Test
        void namesAreBounded() {
            driver.append(deleted("users").setId(""), "users", "1");
            driver.append(deleted("users").setBy("x".repeat(513)), "users", "1");
            driver.append(deleted("users").setTransactionRows(2), "users", "1");

            assertThat(driver.flow.refusals())
                    .containsExactly(
                            "invalid /id: 1 to 512 characters",
                            "invalid /by: 1 to 512 characters",
                            "invalid /transaction_rows: at least 1, beside a transaction");
        }
    }

    @Nested
    class Transactions {

        private List<String> parts() {
            return driver.routed(TransactionPart.class).stream()
                    .map(part -> part.getTransaction() + " " + part.getRows() + " " + part.getChange() + " "
                            + part.getPartitions())
                    .toList();
        }

        private static RowChange.Builder of(RowChange.Builder change, int position) {
            return change.setTransaction("t1").setTransactionRows(3).setSource(at(position));
        }

        @Test
        void whatIsSentToPlacesIsCountedThere() {
            driver.append(of(inserted("posts", "{\"id\":7}"), 1), "posts", "7");

            assertThat(parts()).isEmpty();
        }

        @Test
        void whatIsSentToNobodyIsCountedAtOnce() {
            driver.append(of(inserted("posts", "{\"id\":7}"), 5), "posts", "7");
            driver.routed();

            driver.append(of(updated("posts", "{\"id\":7}"), 4), "posts", "7");
            driver.append(of(snapshot("posts", "{\"id\":8}"), 6), "posts", "8");
            driver.append(of(inserted("strangers", "{\"id\":8}"), 7), "strangers", "8");
            driver.append(of(truncated("users"), 8), "users");

            assertThat(parts())
                    .containsExactly(
                            "t1 3 source/db/4/0 []",
                            "t1 3 source/db/6/0 []",
                            "t1 3 source/db/7/0 []",
                            "t1 3 source/db/8/0 []");
        }

        /** One row of the source has become two changes. */
        @Test
        void theDeletionUnderAFormerKeyIsNotCounted() {
            driver.append(inserted("posts", "{\"id\":7}").setSource(at(1)), "posts", "7");
            driver.routed();

            driver.append(of(updated("posts", "{\"id\":8}").setBefore("{\"id\":7}"), 2), "posts", "8");

            assertThat(driver.routed())
                    .extracting(change ->
                            change.getOp() + " " + change.getTransaction() + " " + change.getTransactionRows())
                    .containsExactlyInAnyOrder("inserted t1 3", "deleted t1 null");
        }
    }

    /** Keys are tried until there is one whose row is on the driven partition, and whose places are on others. */
    @Test
    void theRecordsPlaceKnowsHowManyAreToAnswer(@TempDir Path other) {
        try (RowsDriver several = new RowsDriver(other, 5)) {
            TopicSpec changes = several.flow.catalogue().changes();
            for (int id = 0; id < 60; id++) {
                String key = Integer.toString(id);
                if (changes.partitionFor(io.forebay.schemas.path.Path.of("posts", key)) == 0) {
                    several.append(inserted("posts", "{\"id\":" + id + ",\"user_id\":" + id + "}"), "posts", key);
                    several.append(updated("posts", "{\"id\":" + id + ",\"user_id\":99}"), "posts", key);
                }
            }

            Map<Long, List<RoutedChange>> byRef =
                    several.routed().stream().collect(Collectors.groupingBy(RoutedChange::getRef));
            assertThat(byRef).hasSizeGreaterThan(10);
            assertThat(byRef.values()).allSatisfy(parts -> {
                List<RoutedChange> subjects = parts.stream()
                        .filter(part -> places(part).contains("subject"))
                        .toList();
                assertThat(subjects).extracting(RoutedChange::getAnswers).containsExactly(parts.size() - 1);
            });
            assertThat(byRef.values()).anySatisfy(parts -> assertThat(parts).hasSize(3));
        }
    }
}
