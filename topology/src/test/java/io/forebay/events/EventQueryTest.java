package io.forebay.events;

import static io.forebay.events.EventsDriver.MANY_BYTES;
import static io.forebay.events.EventsDriver.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.events.query.EventPage;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadStream;
import io.forebay.events.query.StreamPage;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What queries answer, and what they read for it: a thousand events a second apart, ten streams in turn, of which one in a
 * hundred is rare.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventQueryTest {

    private static final int EVENTS = 1_000;

    /** An index entry and the record of each event, the entry after the page, and what it takes to know the span. */
    private static final int BESIDE_THE_PAGE = 4;

    private EventsDriver driver;
    private long start;

    @BeforeAll
    void fill(@TempDir Path dir) {
        driver = new EventsDriver(dir);
        start = driver.flow.now();
        List<NewEvent> second = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            second.add(event(i % 100 == 7 ? "rare" : "usual", i % 2 == 0 ? "even" : "odd", "i" + i % 10));
            if (second.size() == 10) {
                driver.append(second.toArray(NewEvent[]::new));
                driver.flow.advance(Duration.ofSeconds(1));
                second.clear();
            }
        }
    }

    @AfterAll
    void close() {
        driver.close();
    }

    @ParameterizedTest
    @CsvSource({
        ",,, 1000",
        "usual,,, 990",
        "rare,,, 10",
        ", even,, 500",
        ",, i3, 100",
        ", odd, i7, 100",
        "rare, odd,, 10",
        "rare,, i7, 10",
        "rare, odd, i7, 10",
        "rare, even,, 0",
        "Rare,,, 0",
        ", eve,, 0",
    })
    void readsNothingButThePage(@Nullable String type, @Nullable String domain, @Nullable String instance, long total) {
        EventPage page = driver.read(EventsDriver.query(type, domain, instance, null, null, 5));

        int events = page.events().size();
        assertThat(page.total()).isEqualTo(total);
        assertThat(events).isEqualTo(Math.min(5, (int) total));
        assertThat(page.next() != null).isEqualTo(total > 5);
        assertThat(page.entriesRead()).isLessThanOrEqualTo(2 * events + BESIDE_THE_PAGE);
        assertThat(driver.decoded(page.events())).allSatisfy(event -> {
            assertThat(type == null || type.equals(event.getType())).isTrue();
            assertThat(domain == null || domain.equals(event.getDomain())).isTrue();
            assertThat(instance == null || instance.equals(event.getInstanceId()))
                    .isTrue();
        });
    }

    @Test
    void goesStraightToATime() {
        EventPage page = driver.read(EventsDriver.query("usual", null, null, time(80), time(81), 5));

        assertThat(sequences(page)).containsExactly(801L, 802L, 803L, 804L, 805L);
        assertThat(page.total()).isEqualTo(9);
        assertThat(page.entriesRead()).isLessThanOrEqualTo(2 * 5 + 10 + BESIDE_THE_PAGE + 3);
    }

    @Test
    void countsWhatIsOutsideATimeWhereThatIsLess() {
        EventPage page = driver.read(EventsDriver.query("usual", null, null, time(1), null, 5));

        assertThat(page.total()).isEqualTo(981);
        assertThat(page.entriesRead()).isLessThanOrEqualTo(2 * 5 + 10 + BESIDE_THE_PAGE + 3);
    }

    @Test
    void countsEverythingOfATimeByItsNumbers() {
        EventPage page = driver.read(EventsDriver.query(null, null, null, time(20), time(70), 5));

        assertThat(page.total()).isEqualTo(500);
        assertThat(page.entriesRead()).isLessThanOrEqualTo(2 * 5 + BESIDE_THE_PAGE);
    }

    @ParameterizedTest
    @CsvSource({"0, 100, 1000", "-100, 0, 0", "50, 50, 0", "60, 50, 0", "200, 300, 0", "99, 300, 10"})
    void takesFromInclusiveAndToExclusive(int from, int to, long total) {
        EventPage page = driver.read(EventsDriver.query(null, null, null, time(from), time(to), 1));

        assertThat(page.total()).isEqualTo(total);
        assertThat(page.events()).hasSize(total == 0 ? 0 : 1);
    }

    @Test
    void goesThroughTheIndexAloneForAnOffset() {
        EventPage page = driver.read(
                new ReadEvents(null, "odd", null, null, null, null, false, 300, 5, MANY_BYTES, null, false));

        assertThat(sequences(page)).containsExactly(602L, 604L, 606L, 608L, 610L);
        assertThat(page.total()).isNull();
        assertThat(page.entriesRead()).isLessThanOrEqualTo(300 + 2 * 5 + BESIDE_THE_PAGE);
    }

    @Test
    void answersNothingBeyondTheEnd() {
        EventPage page = driver.read(
                new ReadEvents("rare", null, null, null, null, null, false, 1_000, 5, MANY_BYTES, null, true));

        assertThat(page.events()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.total()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void pagesThroughEverythingOnceInBothDirections(boolean backward) {
        List<Long> paged = new ArrayList<>();
        Long after = null;
        do {
            EventPage page = driver.read(
                    new ReadEvents(null, null, "i4", null, null, after, backward, 0, 7, MANY_BYTES, null, false));
            paged.addAll(sequences(page));
            after = page.next();
        } while (after != null);

        List<Long> expected = new ArrayList<>();
        for (long sequence = 5; sequence < EVENTS; sequence += 10) {
            expected.add(sequence);
        }
        if (backward) {
            Collections.reverse(expected);
        }
        assertThat(paged).isEqualTo(expected);
    }

    @Test
    void endsAPageThatIsLargeEnough() {
        EventPage page =
                driver.read(new ReadEvents(null, null, null, null, null, null, false, 0, 1_000, 1, null, false));

        assertThat(sequences(page)).containsExactly(1L);
        assertThat(page.next()).isEqualTo(1);
    }

    /** Ten events an append: the command at offset 41 appended those up to 420. */
    @Test
    void readsAsOfAPosition() {
        EventPage page =
                driver.read(new ReadEvents(null, "even", null, null, null, 412L, false, 0, 100, MANY_BYTES, 41L, true));
        EventPage last =
                driver.read(new ReadEvents(null, null, null, null, null, null, true, 0, 1, MANY_BYTES, 41L, true));

        assertThat(sequences(page)).containsExactly(413L, 415L, 417L, 419L);
        assertThat(page.next()).isNull();
        assertThat(page.total()).isEqualTo(210);
        assertThat(sequences(last)).containsExactly(420L);
        assertThat(last.total()).isEqualTo(420);
    }

    @Test
    void halvesItsWayToAPosition() {
        EventPage page =
                driver.read(new ReadEvents(null, null, null, null, null, null, false, 0, 5, MANY_BYTES, 41L, false));

        assertThat(page.entriesRead()).isLessThanOrEqualTo(2 * 5 + BESIDE_THE_PAGE + 2 * 11);
    }

    @Test
    void readsAStreamByItsVersions() {
        StreamPage page = driver.read(new ReadStream("odd", "i3", 50L, false, 3, MANY_BYTES, null));

        assertThat(versions(page)).containsExactly(50L, 51L, 52L);
        assertThat(page.version()).isEqualTo(100);
        assertThat(page.next()).isEqualTo(53);
        assertThat(page.entriesRead()).isLessThanOrEqualTo(3 + 1);
    }

    @Test
    void readsAStreamFromItsEnd() {
        StreamPage page = driver.read(new ReadStream("odd", "i3", null, true, 2, MANY_BYTES, null));
        StreamPage first = driver.read(new ReadStream("odd", "i3", 2L, true, 5, MANY_BYTES, null));

        assertThat(versions(page)).containsExactly(100L, 99L);
        assertThat(page.next()).isEqualTo(98);
        assertThat(versions(first)).containsExactly(2L, 1L);
        assertThat(first.next()).isNull();
    }

    @Test
    void readsAStreamAsOfAPosition() {
        StreamPage page = driver.read(new ReadStream("odd", "i3", 41L, false, 5, MANY_BYTES, 41L));
        StreamPage none = driver.read(new ReadStream("odd", "i3", null, false, 5, MANY_BYTES, 0L));

        assertThat(versions(page)).containsExactly(41L, 42L);
        assertThat(page.version()).isEqualTo(42);
        assertThat(page.next()).isNull();
        assertThat(versions(none)).containsExactly(1L);
    }

    @ParameterizedTest
    @CsvSource({"odd, i2", "even, i3", "o, dd"})
    void findsNothingInAStreamThatIsNone(String domain, String instance) {
        StreamPage page = driver.read(new ReadStream(domain, instance, null, false, 5, MANY_BYTES, 41L));

        assertThat(page.events()).isEmpty();
        assertThat(page.version()).isZero();
    }

    private long time(int seconds) {
        return start + seconds * 1_000L;
    }

    private List<Long> sequences(EventPage page) {
        return driver.decoded(page.events()).stream()
                .map(RecordedEvent::getSequenceNumber)
                .toList();
    }

    private List<Long> versions(StreamPage page) {
        return driver.decoded(page.events()).stream()
                .map(RecordedEvent::getStreamVersion)
                .toList();
    }
}
