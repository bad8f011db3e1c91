package io.forebay.events;

import static io.forebay.events.EventsDriver.MANY_BYTES;
import static io.forebay.events.EventsDriver.event;
import static io.forebay.events.EventsDriver.withData;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.events.query.EventPage;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadStream;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.topic.CatalogueSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random queries of a random log answer what a filter over its list leaves, and its events hold what is not erased. */
class EventsModelTest {

    private static final int APPENDS = 60;
    private static final int QUERIES = 400;
    private static final String[] NAMES = {"a", "ab", "b", "", "ä"};

    @TempDir
    private Path dir;

    static LongStream seeds() {
        return LongStream.of(1, new Random().nextLong());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersWhatAFilterLeaves(long seed) {
        Random random = new Random(seed);
        EventsConfig config = EventsConfig.defaults().withErasableDomains(Set.of("da", "d"));
        try (EventsDriver driver = new EventsDriver(dir, config, CatalogueSettings.defaults())) {
            Model model = new Model(config);
            for (int i = 0; i < APPENDS; i++) {
                append(driver, model, random);
                if (random.nextInt(4) == 0) {
                    erase(driver, model, "d" + name(random), "i" + name(random));
                }
                if (random.nextInt(20) == 0) {
                    driver.flow.restart();
                }
            }
            List<RecordedEvent> log = driver.all();
            assertThat(driver.opened(log)).extracting(EventsModelTest::told).isEqualTo(model.told());
            for (int i = 0; i < QUERIES; i++) {
                compare(driver, log, random);
                compareStream(driver, log, random);
            }
        }
    }

    /** What was appended, in order, and where in it the streams were erased. */
    private static final class Model {

        private final EventsConfig config;
        private final List<NewEvent> events = new ArrayList<>();
        private final Set<Integer> erased = new HashSet<>();

        Model(EventsConfig config) {
            this.config = config;
        }

        /** Erases a stream and tells what the outcome is to say. */
        Erased erase(String domain, String instance) {
            List<Integer> ofStream = IntStream.range(0, events.size())
                    .filter(i -> events.get(i).getDomain().equals(domain)
                            && events.get(i).getInstanceId().equals(instance))
                    .boxed()
                    .toList();
            if (!config.isErasable(domain)) {
                return new Erased(ofStream.size(), 0);
            }
            erased.addAll(ofStream);
            return new Erased(ofStream.size(), ofStream.size());
        }

        List<String> told() {
            return IntStream.range(0, events.size())
                    .mapToObj(i -> erased.contains(i)
                            ? "erased"
                            : events.get(i).getData().toString())
                    .toList();
        }
    }

    private static String told(OpenedEvent event) {
        return event.erased() ? "erased" : event.event().getData().toString();
    }

    private static void erase(EventsDriver driver, Model model, String domain, String instance) {
        String outcome = driver.decide(new EraseInstance(), domain, instance).text();

        assertThat(outcome).isEqualTo(model.erase(domain, instance).toJson());
    }

    private static void append(EventsDriver driver, Model model, Random random) {
        NewEvent[] events = new NewEvent[1 + random.nextInt(4)];
        for (int i = 0; i < events.length; i++) {
            events[i] = withData(
                    event("t" + name(random), "d" + name(random), "i" + name(random)),
                    "{\"n\":" + random.nextInt() + "}");
            model.events.add(events[i]);
        }
        driver.append(events);
        driver.flow.advance(Duration.ofMillis(random.nextInt(3)));
    }

    private static void compare(EventsDriver driver, List<RecordedEvent> log, Random random) {
        ReadEvents query = new ReadEvents(
                perhaps(random, "t"),
                perhaps(random, "d"),
                perhaps(random, "i"),
                perhapsTime(random, log),
                perhapsTime(random, log),
                random.nextInt(3) == 0 ? Long.valueOf(random.nextInt(log.size() + 2)) : null,
                random.nextBoolean(),
                random.nextInt(3) == 0 ? random.nextInt(10) : 0,
                1 + random.nextInt(10),
                MANY_BYTES,
                random.nextInt(3) == 0 ? Long.valueOf(random.nextInt((int) driver.flow.offset() + 2) - 1L) : null,
                true);
        List<RecordedEvent> matching =
                log.stream().filter(event -> meets(event, query)).toList();
        List<RecordedEvent> left = new ArrayList<>(
                matching.stream().filter(event -> isAfter(event, query)).toList());
        if (query.backward()) {
            Collections.reverse(left);
        }
        int from = (int) Math.min(left.size(), query.offset());
        int to = Math.min(left.size(), from + query.limit());

        EventPage page = driver.read(query);

        assertThat(driver.decoded(page.events())).as("%s", query).isEqualTo(left.subList(from, to));
        assertThat(page.total()).as("%s", query).isEqualTo(matching.size());
        assertThat(page.next())
                .as("%s", query)
                .isEqualTo(to < left.size() ? left.get(to - 1).getSequenceNumber() : null);
    }

    private static void compareStream(EventsDriver driver, List<RecordedEvent> log, Random random) {
        ReadStream query = new ReadStream(
                "d" + name(random),
                "i" + name(random),
                random.nextInt(3) == 0 ? null : Long.valueOf(random.nextInt(12)),
                random.nextBoolean(),
                1 + random.nextInt(5),
                MANY_BYTES,
                random.nextInt(3) == 0 ? Long.valueOf(random.nextInt((int) driver.flow.offset() + 2) - 1L) : null);
        Long version = query.fromVersion();
        List<RecordedEvent> expected = new ArrayList<>(log.stream()
                .filter(event -> event.getDomain().equals(query.domain())
                        && event.getInstanceId().equals(query.instanceId())
                        && (query.asOf() == null || event.getSource().getOffset() <= query.asOf())
                        && (version == null
                                || (query.backward()
                                        ? event.getStreamVersion() <= version
                                        : event.getStreamVersion() >= version)))
                .toList());
        if (query.backward()) {
            Collections.reverse(expected);
        }

        List<byte[]> events = driver.read(query).events();

        assertThat(driver.decoded(events))
                .as("%s", query)
                .isEqualTo(expected.subList(0, Math.min(expected.size(), query.limit())));
    }

    private static boolean meets(RecordedEvent event, ReadEvents query) {
        long time = event.getInsertedAt().toEpochMilli();
        return (query.type() == null || query.type().equals(event.getType()))
                && (query.domain() == null || query.domain().equals(event.getDomain()))
                && (query.instanceId() == null || query.instanceId().equals(event.getInstanceId()))
                && (query.from() == null || time >= query.from())
                && (query.to() == null || time < query.to())
                && (query.asOf() == null || event.getSource().getOffset() <= query.asOf());
    }

    private static boolean isAfter(RecordedEvent event, ReadEvents query) {
        Long after = query.after();
        if (after == null) {
            return true;
        }
        return query.backward() ? event.getSequenceNumber() < after : event.getSequenceNumber() > after;
    }

    private static String name(Random random) {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private static @Nullable String perhaps(Random random, String kind) {
        return random.nextBoolean() ? null : kind + name(random);
    }

    private static @Nullable Long perhapsTime(Random random, List<RecordedEvent> log) {
        if (random.nextInt(3) > 0) {
            return null;
        }
        long one = log.get(random.nextInt(log.size())).getInsertedAt().toEpochMilli();
        return one + random.nextInt(3) - 1;
    }
}
