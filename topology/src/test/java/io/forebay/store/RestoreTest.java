package io.forebay.store;

import static io.forebay.store.StoreFixture.NOW;
import static io.forebay.store.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a restore claims and shows, where the changelog is cut or compacted. */
@ParameterizedClass
@MethodSource("io.forebay.store.StoreFixture#forms")
class RestoreTest {
    private final RecordForm form;

    @TempDir
    private Path directory;

    private StoreFixture source;
    private StoreFixture target;

    RestoreTest(RecordForm form) {
        this.form = form;
    }

    @BeforeEach
    void open() {
        source = StoreFixture.in(directory.resolve("source"), form).open();
        target = StoreFixture.in(directory.resolve("target"), form).open();
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void claimsAndShowsNothingOfHalfAWriteSet() {
        source.write(4, "a", "red");
        writeThree(5);

        target.restore(source.changelog.subList(0, 3));

        assertThat(target.handle().position()).isEqualTo(4);
        assertThat(target.contents().records()).containsOnlyKeys("a");
        assertThat(target.read("a")).isEqualTo("red");
    }

    @Test
    void goesOnWithTheSecondHalf() {
        writeThree(5);
        target.restore(source.changelog.subList(0, 2));

        target.restore(source.changelog.subList(2, source.changelog.size()));

        assertThat(target.contents()).isEqualTo(source.contents());
        assertThat(target.handle().position()).isEqualTo(5);
        assertThat(target.handle().logTime()).isEqualTo(NOW + 5);
    }

    @Test
    void keepsTheFirstHalfOverAClose() {
        source.write(4, "a", "red");
        writeThree(5);
        target.restore(source.changelog.subList(0, 3));
        target.commit();
        target.closeStore();
        target.open();

        target.restore(source.changelog.subList(3, source.changelog.size()));

        assertThat(target.contents()).isEqualTo(source.contents());
    }

    @Test
    void leavesOutHalfAWriteSetThatWasNeverFinished() {
        source.write(4, "a", "red");
        writeThree(5);
        target.restore(source.changelog.subList(0, 3));

        target.handle().activate();
        target.write(5, "b", "blue");

        assertThat(target.contents().records().keySet()).containsExactly("a", "b");
        assertThat(target.read("a")).isEqualTo("red");
    }

    @Test
    void takesASetAsWholeWhoseFinalRecordWasCompactedAway() {
        writeThree(5);
        source.write(6, "c", "blue");

        List<KeyValue<byte[], byte[]>> compacted = source.changelog.stream()
                .filter(record -> record.value == null || !isOverwritten(record))
                .toList();
        target.restore(compacted);

        assertThat(compacted).hasSize(4);
        assertThat(target.contents()).isEqualTo(source.contents());
    }

    @Test
    void knowsThePositionOfASetThatOnlyDeletes() {
        source.write(5, "a", "red");
        source.write(6, "a", null);

        target.restore(source.changelog);

        assertThat(target.handle().position()).isEqualTo(6);
        assertThat(target.contents().records()).isEmpty();
        assertThat(target.contents().index()).isEmpty();
    }

    @Test
    void doesNotHoldBackEndlessDeletions() {
        source.write(1, "a", "red");
        target.restore(source.changelog);
        List<KeyValue<byte[], byte[]>> tombstones = IntStream.rangeClosed(0, RestoreBuffer.MOST_HELD)
                .mapToObj(i -> KeyValue.pair(bytes(i == 0 ? "a" : "x" + i), (byte[]) null))
                .toList();

        target.restore(tombstones);

        assertThat(target.read("a")).isNull();
        assertThat(target.handle().position()).isEqualTo(1);
    }

    @Test
    void refusesAValueThatTheEngineDidNotWrite() {
        List<KeyValue<byte[], byte[]>> foreign = List.of(KeyValue.pair(bytes("a"), bytes("{\"not\":\"ours\"}")));

        assertThatThrownBy(() -> target.restore(foreign))
                .isInstanceOf(ProcessorStateException.class)
                .hasMessageContaining("things");
    }

    /** Deletes one record and writes three: a tombstone and three values in the log. */
    private void writeThree(long offset) {
        WriteSet writes = source.writer().begin(offset, NOW + offset);
        writes.put(bytes("a"), bytes("green"));
        writes.put(bytes("b"), bytes("green"));
        writes.put(bytes("c"), bytes("green"));
        writes.delete(bytes("d"));
        writes.commit();
    }

    private boolean isOverwritten(KeyValue<byte[], byte[]> record) {
        return StoreFixture.text(record.key).equals("c") && form.offset(record.value) == 5;
    }
}
