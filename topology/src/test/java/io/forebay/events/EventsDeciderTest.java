package io.forebay.events;

import static io.forebay.events.EventsDriver.event;
import static io.forebay.events.EventsDriver.expect;
import static io.forebay.events.EventsDriver.withData;
import static io.forebay.events.EventsDriver.withId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.command.Violation;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.StreamCondition;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.EventsOrder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What appends do. All tests share one log, each with streams of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsDeciderTest {

    private static final List<ExpectedVersion> NOTHING = List.of();

    private EventsDriver driver;
    private long last;

    @BeforeAll
    void open(@TempDir Path dir) {
        driver = new EventsDriver(dir);
    }

    @AfterAll
    void close() {
        driver.close();
    }

    @BeforeEach
    void note() {
        driver.logged();
        driver.flow.deadLetters();
        last = driver.all().size();
    }

    @Test
    void recordsWhatIsAppendedInOrderAndNextToEachOther() {
        Outcome outcome = driver.decide(
                NOTHING,
                withData(event("created", "a1"), "{\"n\": 1.50}"),
                event("created", "a2"),
                event("renamed", "a1"));

        List<RecordedEvent> logged = driver.logged();
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(logged).extracting(RecordedEvent::getSequenceNumber).containsExactly(last + 1, last + 2, last + 3);
        assertThat(logged).extracting(RecordedEvent::getStreamVersion).containsExactly(1L, 1L, 2L);
        assertThat(logged).extracting(RecordedEvent::getUnitLast).containsExactly(false, false, true);
        assertThat(logged).extracting(RecordedEvent::getType).containsExactly("created", "created", "renamed");
        assertThat(logged.get(0).getData()).isEqualTo("{\"n\": 1.50}");
        assertThat(logged).allSatisfy(event -> {
            assertThat(event.getSource().getPartition()).isZero();
            assertThat(event.getSource().getOffset()).isEqualTo(driver.flow.offset());
            assertThat(event.getInsertedAt().toEpochMilli()).isEqualTo(driver.flow.now());
        });
    }

    @Test
    void answersWhereEachEventIs() {
        AppendEvents append =
                new AppendEvents(List.of(event("created", "b1"), withId(event("x", "b2"), "mine")), NOTHING);

        Outcome outcome = driver.decide("b", append);

        List<RecordedEvent> answered = Appended.parse(outcome.body()).records(append);
        assertThat(answered)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("unit_last")
                .isEqualTo(driver.logged());
        assertThat(answered)
                .extracting(RecordedEvent::getId)
                .containsExactly("0-" + driver.flow.offset() + "-0", "mine");
    }

    @Test
    void appendsNothingWhereThereIsNothingToAppend() {
        Outcome outcome = driver.decide(List.of(expect("c1", StreamCondition.none)));

        assertThat(Appended.parse(outcome.body()).places()).isEmpty();
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void storesNothingOfABatchWithOneBadEventAndSpendsNoNumberOnIt() {
        Outcome refused = driver.decide(NOTHING, event("created", "d1"), event("", "d1"));
        driver.append(event("created", "d1"));

        assertThat(refused.code()).isEqualTo("invalid");
        assertThat(driver.logged()).extracting(RecordedEvent::getSequenceNumber).containsExactly(last + 1);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        NewEvent bytes = withData(event("x", "e1"), ByteBuffer.wrap(new byte[] {1}));

        Outcome refused = driver.decide(
                List.of(expect("e1", StreamCondition.other), expect("e1", -1L)),
                event("", "e1"),
                event("created", "x".repeat(513)),
                NewEvent.newBuilder(event("created", "e1")).setVersion(0).build(),
                withData(event("created", "e1"), "[1]"),
                withData(event("created", "e1"), "{\"a\":\"\\u0000\"}"),
                bytes,
                NewEvent.newBuilder(event("x", "e1"))
                        .setContentType("text/plain")
                        .build(),
                NewEvent.newBuilder(event("x", "e1")).setMetadata("{\"a\":1").build(),
                withId(event("x", "e1"), "same"),
                withId(event("y", "e1"), "same"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder(
                        "/events/0/type",
                        "/events/1/instance_id",
                        "/events/2/version",
                        "/events/3/data",
                        "/events/4/data/a",
                        "/events/5/content_type",
                        "/events/6/content_type",
                        "/events/7/metadata/a",
                        "/events/9/id",
                        "/expected/0/version",
                        "/expected/1/version",
                        "/expected/1");
        assertThat(driver.flow.refusals())
                .singleElement()
                .asString()
                .startsWith("invalid /events/0/type: ")
                .contains("; /events/9/id: ");
    }

    @Test
    void saysTooLargeWhereThatIsAllThatIsWrong() {
        Outcome refused =
                driver.decide(NOTHING, withData(event("x", "f1"), "{\"a\":\"" + "a".repeat(1024 * 1024) + "\"}"));

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.field()).isEqualTo("/events/0/data");
    }

    @Test
    void takesAnyBytesWithTheirType() {
        NewEvent event = NewEvent.newBuilder(event("scanned", "g1"))
                .setData(ByteBuffer.wrap(new byte[] {0, -1}))
                .setContentType("image/png")
                .setVersion(3)
                .build();

        driver.append(event);

        assertThat(driver.logged()).singleElement().satisfies(recorded -> {
            assertThat(recorded.getData()).isEqualTo(ByteBuffer.wrap(new byte[] {0, -1}));
            assertThat(recorded.getContentType()).isEqualTo("image/png");
            assertThat(recorded.getVersion()).isEqualTo(3);
        });
    }

    @Test
    void leavesTheStreamsNamesOutOfFurtherMetadata() {
        driver.append(
                NewEvent.newBuilder(event("x", "h1"))
                        .setMetadata("{\"domain\":\"evil\",\"k\": 1,\"instance_id\":\"x\"}")
                        .build(),
                NewEvent.newBuilder(event("x", "h1"))
                        .setMetadata("{\"domain\":\"evil\"}")
                        .build());

        assertThat(driver.logged()).extracting(RecordedEvent::getMetadata).containsExactly("{\"k\":1}", null);
    }

    @Test
    void appendsUnderExpectationsThatHold() {
        driver.decide(List.of(expect("i1", 0L), expect("i2", StreamCondition.none)), event("x", "i1"));

        Outcome outcome = driver.decide(
                List.of(expect("i1", 1L), expect("i2", 0L), expect("i3", StreamCondition.any)), event("x", "i2"));
        Outcome exists = driver.decide(List.of(expect("i1", StreamCondition.exists)), event("x", "i1"));

        assertThat(List.of(outcome.status(), exists.status())).containsOnly(200);
        assertThat(driver.logged()).hasSize(3);
    }

    @Test
    void tellsTheCurrentVersionsWhereExpectationsDoNotHold() {
        driver.append(event("x", "j1"), event("x", "j1"), event("x", "j2"));
        driver.logged();

        Outcome refused = driver.decide(
                List.of(
                        expect("j1", 1L),
                        expect("j2", StreamCondition.none),
                        expect("j3", StreamCondition.exists),
                        expect("j4", 0L)),
                event("x", "j1"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("version_conflict");
        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactly("/expected/0/version", "/expected/1/version", "/expected/2/version");
        assertThat(refused.text())
                .isEqualTo(
                        "{\"conflicts\":["
                                + "{\"domain\":\"users\",\"instance_id\":\"j1\",\"expected\":1,\"current_version\":2},"
                                + "{\"domain\":\"users\",\"instance_id\":\"j2\",\"expected\":\"none\",\"current_version\":1},"
                                + "{\"domain\":\"users\",\"instance_id\":\"j3\",\"expected\":\"exists\",\"current_version\":0}]}");
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void answersARepeatedRequestWithTheFirstAnswer() {
        AppendEvents append = new AppendEvents(List.of(event("x", "k1")), List.of(expect("k1", 0L)));
        Outcome first = driver.decide("k", append);

        Outcome second = driver.decide("k", append);

        assertThat(second.text()).isEqualTo(first.text());
        assertThat(driver.logged()).hasSize(1);
    }

    @Test
    void knowsARepeatedAppendByTheIdsOfItsEvents() {
        NewEvent one = withData(withId(event("x", "l1"), "one"), "{\"a\":1,\"b\":[1.0]}");
        NewEvent two = withId(event("x", "l2"), "two");
        Outcome first = driver.decide(List.of(expect("l1", 0L)), one, two);
        driver.append(event("x", "l1"));
        driver.logged();

        Outcome second = driver.decide(List.of(expect("l1", 0L)), withData(one, "{\"b\":[1],\"a\":1}"), two);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void putsARepetitionTogetherFromSeveralAppends() {
        NewEvent one = withId(event("x", "m1"), "one");
        NewEvent two = withId(event("x", "m1"), "two");
        driver.append(two);
        driver.append(event("x", "m1"), one);

        Outcome outcome = driver.decide(NOTHING, one, two);

        assertThat(Appended.parse(outcome.body()).places())
                .extracting(Appended.Place::streamVersion)
                .containsExactly(3L, 1L);
    }

    @Test
    void refusesAnAppendOfWhichSomeIsRecorded() {
        NewEvent one = withId(event("x", "n1"), "one");
        driver.append(one);
        driver.logged();

        Outcome refused = driver.decide(NOTHING, event("x", "n1"), one);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("event_already_recorded");
        assertThat(refused.violations()).extracting(Violation::field).containsExactly("/events/1/id");
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void refusesAnIdWithOtherContentButTakesItInAnotherStream() {
        driver.append(withId(event("x", "o1"), "one"));

        Outcome other = driver.decide(NOTHING, withId(event("y", "o1"), "one"));
        Outcome elsewhere = driver.decide(NOTHING, withId(event("y", "o2"), "one"));

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("event_id_reused");
        assertThat(elsewhere.status()).isEqualTo(200);
    }

    @Test
    void makesIdsThatNobodyHas() {
        String next = "0-" + (driver.flow.offset() + 2);
        driver.append(withId(event("x", "p1"), next + "-0"));

        driver.append(event("x", "p1"), withId(event("x", "p1"), next + "-0-"), event("x", "p1"));

        assertThat(driver.logged())
                .extracting(RecordedEvent::getId)
                .containsExactly(next + "-0", next + "-0--", next + "-0-", next + "-2");
    }

    @Test
    void doesNotGoBackInTime() {
        driver.append(event("x", "q1"));
        driver.flow.advance(Duration.ofHours(-1));

        driver.append(event("x", "q1"));

        driver.flow.advance(Duration.ofHours(1));
        assertThat(driver.logged())
                .extracting(RecordedEvent::getInsertedAt)
                .allMatch(driver.all().get(0).getInsertedAt()::equals);
    }

    @Test
    void setsRecordsAsideThatAreNotAppendsToStreamsOfTheirKey() {
        byte[] append = driver.encode(new AppendEvents(List.of(event("x", "r1")), NOTHING));

        driver.flow.append("users/r2".getBytes(UTF_8), append, null);
        driver.flow.append("users".getBytes(UTF_8), append, null);

        assertThat(driver.flow.refusals())
                .containsExactly(
                        "wrong_key key: one of the streams that the command names",
                        "wrong_key key: a domain and an instance");
    }

    @Test
    void decidesWithinAPartitionWhereOnlyStreamsHaveAnOrder(@TempDir Path other) {
        CatalogueSettings settings = CatalogueSettings.defaults().withEventsOrder(EventsOrder.STREAM);
        try (EventsDriver spread = new EventsDriver(other, EventsConfig.defaults(), settings)) {
            String here = instance(spread, 0);
            String there = instance(spread, 1);

            Outcome events = spread.decide(NOTHING, event("x", here), event("x", there));
            Outcome condition = spread.decide(List.of(expect(there, 0L)), event("x", here));
            Outcome one = spread.decide(List.of(expect(here, 0L)), event("x", here));

            assertThat(events.code()).isEqualTo("wrong_partition");
            assertThat(events.field()).isEqualTo("/events/1");
            assertThat(condition.code()).isEqualTo("cross_partition_condition");
            assertThat(condition.field()).isEqualTo("/expected/0");
            assertThat(one.status()).isEqualTo(200);
        }
    }

    private static String instance(EventsDriver driver, int partition) {
        for (int i = 0; ; i++) {
            String instance = "i" + i;
            if (driver.flow.catalogue().events().partitionFor(io.forebay.schemas.path.Path.of("users", instance))
                    == partition) {
                return instance;
            }
        }
    }

    @Test
    void goesOnAfterARestart(@TempDir Path other) {
        try (EventsDriver restarted = new EventsDriver(other)) {
            restarted.append(event("x", "s1"), withId(event("x", "s1"), "mine"));
            restarted.flow.restart();

            Outcome repeated = restarted.decide(NOTHING, withId(event("x", "s1"), "mine"));
            Outcome next = restarted.decide(List.of(expect("s1", 2L)), event("x", "s1"));

            assertThat(Appended.parse(repeated.body()).places())
                    .extracting(Appended.Place::sequence)
                    .containsExactly(2L);
            assertThat(Appended.parse(next.body()).places())
                    .extracting(Appended.Place::sequence)
                    .containsExactly(3L);
        }
    }

    @Test
    void comesToTheSameOutcomeWhereTheLogAloneKnowsOfAnAppend(@TempDir Path other) {
        AppendEvents first = new AppendEvents(List.of(event("x", "t1"), event("x", "t2")), List.of(expect("t1", 0L)));
        AppendEvents second = new AppendEvents(List.of(event("x", "t1")), List.of(expect("t1", 1L)));
        try (EventsDriver restarted = new EventsDriver(other)) {
            List<String> before = List.of(
                    restarted.decide("first", first).text(),
                    restarted.decide("second", second).text());
            restarted.flow.restartWithout(EventsFlow.DECISIONS);

            List<String> again = List.of(
                    restarted.decide("first", first).text(),
                    restarted.decide("second", second).text());

            assertThat(again).isEqualTo(before);
            assertThat(restarted.all()).hasSize(3);
            assertThat(restarted.flow.deadLetters()).isEmpty();
        }
    }

    @Test
    void movesTheLogsPositionOverWhatAppendsNothing() {
        driver.decide(List.of(expect("u1", 7L)), event("x", "u1"));

        assertThat(driver.flow.store(EventsFlow.LOG).position()).isEqualTo(driver.flow.offset());
    }
}
