package io.forebay.events.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.store.RecordForm;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The form of the log is what Avro writes and reads. */
class AvroFormTest {

    private static final String LOG = "log";

    private final RecordForm form = new AvroForm();
    private final AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", "mock://form"));

    @AfterEach
    void close() {
        serdes.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 63, -1",
        "64, 64, 1700000000000",
        "9999, 9223372036854775807, 253402300799999",
    })
    void readsWhatAvroWrote(int partition, long offset, long time) {
        byte[] written = write(event(partition, offset, time));

        byte[] value = form.wrap(true, offset, time, written);

        assertThat(form.isValid(value)).isTrue();
        assertThat(form.isFinal(value)).isTrue();
        assertThat(form.isFinal(written)).isFalse();
        assertThat(form.offset(value)).isEqualTo(offset);
        assertThat(form.logTime(value)).isEqualTo(time);
        assertThat(read(value)).isEqualTo(last(event(partition, offset, time)));
        assertThat(read(form.wrap(false, offset, time, form.payload(value)))).isEqualTo(event(partition, offset, time));
    }

    @Test
    void knowsTheFieldsThatAreReadByTheirPlace() {
        EventLead lead = EventLead.of(write(event(3, 70, 1_700_000_000_123L)));

        assertThat(lead)
                .isEqualTo(new EventLead(
                        3, 70, 1_700_000_000_123L, false, 300, 2, "created", "users", "ä/\uD83D\uDE00", "id-1", null));
    }

    @Test
    void knowsWhichKeySealsAnEvent() {
        RecordedEvent sealed =
                RecordedEvent.newBuilder(event(0, 1, 2)).setSealedBy(300L).build();

        assertThat(EventLead.of(write(sealed)).sealedBy()).isEqualTo(300L);
    }

    @Test
    void readsAndWritesKeysToo() {
        InstanceKey key = new InstanceKey(
                new SourcePosition(2, 300L), Instant.ofEpochMilli(70), false, 5L, ByteBuffer.wrap(new byte[32]));
        byte[] written =
                Objects.requireNonNull(serdes.serializer(InstanceKey.class).serialize("keys", key));

        byte[] value = form.wrap(true, 300, 70, written);

        assertThat(form.isFinal(value)).isTrue();
        assertThat(form.offset(value)).isEqualTo(300);
        assertThat(form.logTime(value)).isEqualTo(70);
        assertThat(serdes.deserializer(InstanceKey.class).deserialize("keys", value))
                .isEqualTo(InstanceKey.newBuilder(key).setUnitLast(true).build());
    }

    @Test
    void refusesAPlaceThatTheEventDoesNotHave() {
        byte[] written = write(event(0, 7, 8));

        assertThatThrownBy(() -> form.wrap(true, 8, 8, written)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> form.wrap(true, 7, 9, written)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotTakeOtherValuesForEvents() {
        byte[] written = write(event(0, 300, 1_700_000_000_000L));

        for (int length = 0; length < 15; length++) {
            assertThat(form.isValid(Arrays.copyOf(written, length))).isFalse();
        }
        assertThat(form.isValid(RecordForm.binary().wrap(true, 1, 1, written))).isFalse();
        assertThat(form.isValid(new byte[] {0, 0, 0, 0, 1, 0, 1, 0, 0})).isFalse();
    }

    private static RecordedEvent event(int partition, long offset, long time) {
        return RecordedEvent.newBuilder()
                .setSource(new SourcePosition(partition, offset))
                .setInsertedAt(Instant.ofEpochMilli(time))
                .setUnitLast(false)
                .setSequenceNumber(300)
                .setStreamVersion(2)
                .setType("created")
                .setDomain("users")
                .setInstanceId("ä/\uD83D\uDE00")
                .setId("id-1")
                .setVersion(null)
                .setData(ByteBuffer.wrap(new byte[] {0, -1, 7}))
                .setContentType("image/png")
                .setMetadata(null)
                .build();
    }

    private static RecordedEvent last(RecordedEvent event) {
        return RecordedEvent.newBuilder(event).setUnitLast(true).build();
    }

    private byte[] write(RecordedEvent event) {
        return Objects.requireNonNull(serdes.serializer(RecordedEvent.class).serialize(LOG, event));
    }

    private RecordedEvent read(byte[] value) {
        return serdes.deserializer(RecordedEvent.class).deserialize(LOG, value);
    }
}
