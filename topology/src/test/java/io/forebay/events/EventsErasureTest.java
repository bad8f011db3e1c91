package io.forebay.events;

import static io.forebay.events.EventsDriver.event;
import static io.forebay.events.EventsDriver.expect;
import static io.forebay.events.EventsDriver.withData;
import static io.forebay.events.EventsDriver.withId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.command.Outcome;
import io.forebay.events.seal.EventSeal;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.seal.SealException;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.RewriteInstanceKey;
import io.forebay.schemas.topic.CatalogueSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sealed, what an erasure takes, and what it leaves. */
class EventsErasureTest {

    private static final String DATA = "{\"name\":\"s3cret\"}";

    @TempDir
    private Path dir;

    private EventsDriver driver;

    @BeforeEach
    void open() {
        driver = driver(dir, Set.of("users"));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static EventsDriver driver(Path dir, Set<String> erasable) {
        return new EventsDriver(
                dir, EventsConfig.defaults().withErasableDomains(erasable), CatalogueSettings.defaults());
    }

    private static NewEvent secret(String instance) {
        return NewEvent.newBuilder(withData(event("created", instance), DATA))
                .setMetadata("{\"by\":\"s3cret\"}")
                .setVersion(3)
                .build();
    }

    private Outcome erase(String instance) {
        return driver.decide(new EraseInstance(), instance);
    }

    private List<OpenedEvent> read() {
        return driver.opened(driver.all());
    }

    @Test
    void sealsWhatEventsOfErasableDomainsHold() {
        driver.append(secret("1"), withData(event("created", "orders", "1"), DATA));

        List<RecordedEvent> logged = driver.logged();

        RecordedEvent sealed = logged.get(0);
        assertThat(sealed.getSealedBy()).isEqualTo(1);
        assertThat(sealed.getContentType()).isNull();
        assertThat(sealed.getMetadata()).isNull();
        assertThat(text((ByteBuffer) sealed.getData())).doesNotContain("s3cret", "name", "by");
        assertThat(sealed.getType()).isEqualTo("created");
        assertThat(sealed.getVersion()).isEqualTo(3);
        assertThat(logged.get(1).getSealedBy()).isNull();
        assertThat(logged.get(1).getData()).isEqualTo(DATA);
        assertThat(driver.key("orders")).isNull();
    }

    @Test
    void opensWhatItSealed() {
        byte[] bytes = {0, -1, 7};
        NewEvent image = NewEvent.newBuilder(withData(event("drawn", "1"), ByteBuffer.wrap(bytes)))
                .setContentType("image/png")
                .build();
        driver.append(secret("1"), image);

        List<OpenedEvent> read = read();

        RecordedEvent first = read.get(0).event();
        RecordedEvent second = read.get(1).event();
        assertThat(read).noneMatch(OpenedEvent::erased);
        assertThat(first.getData()).isEqualTo(DATA);
        assertThat(first.getMetadata()).isEqualTo("{\"by\":\"s3cret\"}");
        assertThat(first.getContentType()).isNull();
        assertThat(second.getData()).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(second.getContentType()).isEqualTo("image/png");
        assertThat(second.getMetadata()).isNull();
    }

    @Test
    void usesOneKeyForAStreamAndAnotherNonceForEachEvent() {
        driver.append(secret("1"), secret("2"), secret("1"));
        driver.append(secret("1"));

        List<RecordedEvent> logged = driver.logged();

        assertThat(logged).extracting(RecordedEvent::getSealedBy).containsExactly(1L, 1L, 1L, 1L);
        assertThat(logged).extracting(RecordedEvent::getData).doesNotHaveDuplicates();
        assertThat(bytes("1")).hasSize(32).isNotEqualTo(bytes("2"));
    }

    @Test
    void erasesOneInstanceAndNoOther() {
        driver.append(secret("1"), secret("2"), secret("1"));

        Outcome outcome = erase("1");

        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.text()).isEqualTo("{\"events\":2,\"erased\":2,\"in_clear\":0}");
        assertThat(read()).extracting(OpenedEvent::erased).containsExactly(true, false, true);
        assertThat(key("1").getKey()).isNull();
        assertThat(driver.logged()).hasSize(3);
    }

    @Test
    void tellsEventsThatAreInClear(@TempDir Path other) {
        try (EventsDriver clear = driver(other, Set.of())) {
            clear.append(secret("1"), secret("1"));
            Outcome outcome = clear.decide(new EraseInstance(), "1");

            assertThat(outcome.text()).isEqualTo("{\"events\":2,\"erased\":0,\"in_clear\":2}");
            assertThat(clear.opened(clear.all())).noneMatch(OpenedEvent::erased);
            assertThat(clear.key("1")).isNull();
        }
        try (EventsDriver mixed = driver(other.resolve("mixed"), Set.of("*"))) {
            mixed.append(secret("1"));

            assertThat(mixed.logged()).extracting(RecordedEvent::getSealedBy).containsExactly(1L);
        }
    }

    @Test
    void erasesWhatThereIsNotAndErasesTwice() {
        driver.append(secret("1"));

        Outcome nothing = erase("nobody");
        Outcome first = erase("1");
        Outcome second = erase("1");

        assertThat(nothing.text()).isEqualTo("{\"events\":0,\"erased\":0,\"in_clear\":0}");
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(driver.key("nobody")).isNull();
    }

    @Test
    void sealsWhatComesAfterAnErasureWithANewKey() {
        driver.append(secret("1"), secret("1"));
        byte[] old = bytes("1");
        erase("1");

        Outcome next = driver.decide(List.of(expect("1", 2L)), secret("1"));

        assertThat(next.status()).isEqualTo(200);
        assertThat(key("1").getKeyVersion()).isEqualTo(3);
        assertThat(bytes("1")).isNotEqualTo(old);
        assertThat(read()).extracting(OpenedEvent::erased).containsExactly(true, true, false);
    }

    @Test
    void knowsARepetitionByWhatIsSealed() {
        NewEvent mine = withId(secret("1"), "mine");
        Outcome first = driver.decide(List.of(), mine);

        Outcome repeated = driver.decide(List.of(), mine);
        Outcome other = driver.decide(List.of(), withData(mine, "{\"name\":\"other\"}"));

        assertThat(repeated.text()).isEqualTo(first.text());
        assertThat(other.code()).isEqualTo("event_id_reused");
    }

    @Test
    void knowsARepetitionByTheIdAloneWhereNothingIsLeftToCompare() {
        NewEvent mine = withId(secret("1"), "mine");
        Outcome first = driver.decide(List.of(), mine);
        erase("1");

        Outcome repeated = driver.decide(List.of(), mine);
        Outcome content = driver.decide(List.of(), withData(mine, "{}"));
        Outcome type = driver.decide(
                List.of(), NewEvent.newBuilder(mine).setType("other").build());

        assertThat(repeated.text()).isEqualTo(first.text());
        assertThat(content.text()).isEqualTo(first.text());
        assertThat(type.code()).isEqualTo("event_id_reused");
        assertThat(driver.all()).hasSize(1);
    }

    @Test
    void writesAKeyAgainAsItIs() {
        driver.append(secret("1"), secret("2"));
        byte[] before = bytes("1");
        erase("2");

        Outcome live = driver.decide(new RewriteInstanceKey(), "1");
        Outcome destroyed = driver.decide(new RewriteInstanceKey(), "2");
        Outcome nothing = driver.decide(new RewriteInstanceKey(), "nobody");

        assertThat(List.of(live.status(), destroyed.status(), nothing.status())).containsOnly(204);
        assertThat(key("1").getSource().getOffset()).isEqualTo(2);
        assertThat(bytes("1")).isEqualTo(before);
        assertThat(key("2").getSource().getOffset()).isEqualTo(3);
        assertThat(key("2").getKey()).isNull();
        assertThat(key("2").getKeyVersion()).isEqualTo(1);
        assertThat(driver.key("nobody")).isNull();
    }

    @Test
    void anEventThatItsKeyDoesNotOpenIsNotErased() {
        driver.append(secret("1"), secret("2"));
        List<RecordedEvent> all = driver.all();
        EventSeal seal = new EventSeal(driver.values);
        InstanceKey other = InstanceKey.newBuilder(key("1"))
                .setKey(new EventSeal(driver.values).newKey())
                .build();
        InstanceKey older = InstanceKey.newBuilder(key("1")).setKeyVersion(0).build();
        RecordedEvent moved =
                RecordedEvent.newBuilder(all.get(0)).setStreamVersion(2).build();

        assertThatThrownBy(() -> seal.open(all.get(0), other)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> seal.open(all.get(0), older)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> seal.open(all.get(0), null)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> seal.open(moved, key("1"))).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> seal.open(all.get(1), key("1")))
                .isInstanceOf(SealException.class)
                .hasMessageNotContaining("users");
        assertThat(seal.open(all.get(0), key("1")).erased()).isFalse();
    }

    @Test
    void isErasedAfterARestart() {
        driver.append(secret("1"), secret("2"));
        erase("1");
        driver.flow.restart();

        assertThat(read()).extracting(OpenedEvent::erased).containsExactly(true, false);
        assertThat(driver.flow.store(EventsFlow.KEYS).position()).isEqualTo(driver.flow.offset());
    }

    @Test
    void comesToTheSameOutcomesWhereDecisionsAreLost() {
        AppendEvents first = new AppendEvents(List.of(secret("1"), secret("2")), List.of());
        AppendEvents second = new AppendEvents(List.of(secret("1")), List.of());
        List<String> before = play(first, second);
        byte[] key = bytes("1");
        List<RecordedEvent> log = driver.all();
        driver.flow.restartWithout(EventsFlow.DECISIONS);

        List<String> again = play(first, second);

        assertThat(again).isEqualTo(before);
        assertThat(bytes("1")).isEqualTo(key);
        assertThat(driver.all()).isEqualTo(log);
        assertThat(read()).extracting(OpenedEvent::erased).containsExactly(true, false, false);
        assertThat(driver.flow.deadLetters()).isEmpty();
    }

    private List<String> play(AppendEvents first, AppendEvents second) {
        return List.of(
                driver.decide("first", first).text(),
                driver.decide(new EraseInstance(), "1").text(),
                driver.decide("second", second).text());
    }

    /** The log is lost with what was decided later: an append whose keys alone were written is decided again. */
    @Test
    void usesTheKeysThatAreThereWhereTheLogIsNot() {
        AppendEvents append = new AppendEvents(List.of(secret("1"), secret("2"), secret("1")), List.of());
        String before = driver.decide("append", append).text();
        byte[] key = bytes("1");
        driver.flow.restartWithout(EventsFlow.DECISIONS, EventsFlow.LOG);

        String again = driver.decide("append", append).text();

        assertThat(again).isEqualTo(before);
        assertThat(bytes("1")).isEqualTo(key);
        assertThat(read()).noneMatch(OpenedEvent::erased).hasSize(3);
        assertThat(driver.flow.deadLetters()).isEmpty();
    }

    private InstanceKey key(String instance) {
        return Objects.requireNonNull(driver.key(instance));
    }

    private byte[] bytes(String instance) {
        byte[] bytes = new byte[32];
        key(instance).getKey().duplicate().get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
