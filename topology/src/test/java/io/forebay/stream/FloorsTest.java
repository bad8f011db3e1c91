package io.forebay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class FloorsTest {

    private static final Floors PAGES = Floors.NONE
            .with(new byte[] {10}, 5)
            .with(new byte[] {(byte) 200}, 8)
            .with(null, 9);

    @Test
    void aChangePassesBeyondThePositionOfThePageThatHoldsItsKey() {
        assertThat(PAGES.passes(change(10, 5))).isFalse();
        assertThat(PAGES.passes(change(10, 6))).isTrue();
        assertThat(PAGES.passes(change(11, 6))).isFalse();
        assertThat(PAGES.passes(change(200, 9))).isTrue();
        assertThat(PAGES.passes(change(201, 9))).isFalse();
        assertThat(PAGES.passes(change(255, 10))).isTrue();
    }

    @Test
    void withoutASnapshotEverythingPasses() {
        assertThat(Floors.NONE.passes(change(0, 0))).isTrue();
    }

    @Test
    void pagesReadAtOnePositionAreOneRange() {
        Floors floors = Floors.NONE;
        for (int i = 0; i < 100; i++) {
            floors = floors.with(new byte[] {(byte) i}, 7);
        }

        assertThat(floors.forToken(-1)).hasSize(1);
    }

    @Test
    void manyRangesAreToldOnceTheirUnitsWereScanned() {
        Floors floors = Floors.NONE;
        for (int i = 0; i < 100; i++) {
            floors = floors.with(new byte[] {(byte) i}, i);
        }

        assertThat(floors.forToken(98)).isNull();
        assertThat(Objects.requireNonNull(floors.forToken(99)).get(0).position())
                .isZero();
    }

    private static StreamChange change(int key, long source) {
        return new StreamChange(new byte[] {(byte) key}, source, source, true, new byte[0]);
    }
}
