package io.forebay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WindowTest {

    @Test
    void readersGoOnFromTheirOwnOffset() {
        Window window = filled(10, 1_000);

        Window.Slice slice = Objects.requireNonNull(window.read(7));

        assertThat(slice.units()).extracting(Unit::unitOffset).containsExactly(7L, 8L, 9L);
        assertThat(slice.next()).isEqualTo(10);
    }

    @Test
    void aLongWindowIsReadInBatches() {
        Window window = filled(500, 1_000);
        List<Long> read = new ArrayList<>();

        for (long from = 0; from < 500; ) {
            Window.Slice slice = Objects.requireNonNull(window.read(from));
            slice.units().forEach(unit -> read.add(unit.unitOffset()));
            from = slice.next();
        }

        assertThat(read).hasSize(500).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void itKeepsNoMoreThanItMay() {
        Window window = filled(1_000, 100);

        assertThat(window.mark().start()).isEqualTo(900);
        assertThat(window.mark().unitBeforeStart()).isEqualTo(899);
        assertThat(window.read(899)).isNull();
        assertThat(Objects.requireNonNull(window.read(900)).units()).isNotEmpty();
    }

    @Test
    void aUnitLargerThanTheBoundStaysUntilTheNext() {
        Window window = new Window(100, 10);
        window.begin(0, false);

        window.append(new Unit(0, 50, true, List.of(change(0, 10_000))));

        assertThat(Objects.requireNonNull(window.read(0)).units()).hasSize(1);
        assertThat(window.bytes()).isGreaterThan(100);
    }

    @Test
    void offsetsBeyondTheEndAreWaitedFor() {
        Window window = filled(10, 100);

        Window.Slice slice = Objects.requireNonNull(window.read(12));

        assertThat(slice.units()).isEmpty();
        assertThat(slice.next()).isEqualTo(12);
    }

    @Test
    void aUnitThatIsNotWholeLiesBeforeTheStart() {
        Window window = new Window(1 << 20, 100);
        window.begin(20, false);

        window.append(new Unit(5, 25, false, List.of()));
        window.append(new Unit(6, 26, true, List.of(change(6, 1))));

        assertThat(window.mark()).isEqualTo(new Window.Mark(0, 25, 26, 5, 6));
    }

    private static Window filled(int units, int maxChanges) {
        Window window = new Window(1 << 20, maxChanges);
        window.begin(0, false);
        for (int i = 0; i < units; i++) {
            window.append(new Unit(i, i + 1, true, List.of(change(i, 1))));
        }
        return window;
    }

    private static StreamChange change(long unit, int bytes) {
        return new StreamChange(new byte[] {1}, unit, unit, true, new byte[bytes]);
    }
}
