package io.forebay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitAssemblerTest {

    private final List<Unit> completed = new ArrayList<>();

    @Test
    void aUnitIsCompleteWithItsLastChange() {
        UnitAssembler assembler = new UnitAssembler(0, true, completed::add);

        assembler.accept(0, change(5, false));
        assembler.accept(1, change(5, true));
        assembler.accept(2, change(6, false));
        assembler.scannedTo(3);

        assertThat(completed).extracting(Unit::unitOffset).containsExactly(5L);
        assertThat(completed.get(0).changes()).hasSize(2);
        assertThat(assembler.boundary()).isEqualTo(2);
    }

    @Test
    void aUnitWhoseLastChangeIsMissingEndsWhereTheNextBegins() {
        UnitAssembler assembler = new UnitAssembler(0, true, completed::add);

        assembler.accept(0, change(5, false));
        assembler.accept(3, change(6, true));

        assertThat(completed).extracting(Unit::unitOffset).containsExactly(5L, 6L);
        assertThat(completed).extracting(Unit::end).containsExactly(1L, 4L);
    }

    @Test
    void theFirstUnitIsNotWholeWhereItsBeginningIsNotKnown() {
        UnitAssembler assembler = new UnitAssembler(10, false, completed::add);

        assembler.accept(10, change(5, true));
        assembler.accept(11, change(6, true));

        assertThat(completed).extracting(Unit::whole).containsExactly(false, true);
    }

    @Test
    void markersBetweenUnitsArePassed() {
        UnitAssembler assembler = new UnitAssembler(0, true, completed::add);

        assembler.accept(0, change(5, true));
        assembler.scannedTo(4);

        assertThat(assembler.boundary()).isEqualTo(4);
    }

    private static StreamChange change(long unit, boolean last) {
        return new StreamChange(new byte[] {1}, unit, unit, last, new byte[] {2});
    }
}
