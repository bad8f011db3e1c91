package io.forebay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {

    private static final Key<Duration> DURATION =
            Key.duration("forebay.d", Duration.ofSeconds(90), Duration.ofMillis(1), Duration.ofDays(30), "");
    private static final Key<Long> SIZE = Key.size("forebay.s", 1 << 20, 1, 1L << 40, "");
    private static final Key<Integer> INTEGER = Key.integer("forebay.i", 5, -1, 10, "");

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "10s, PT10S", "5m, PT5M", "24h, PT24H", "7d, PT168H", "PT1M30S, PT1M30S", "P2D, PT48H"
    })
    void durationsAreANumberAndAUnitOrIso(String text, Duration duration) {
        assertThat(DURATION.parser().apply(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "0ms", "31d", "999999999999999d", "1w"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> DURATION.parser().apply(text))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "64KiB, 65536", "8MiB, 8388608", "2GiB, 2147483648", "7B, 7"})
    void sizesAreBytesOrBinaryUnits(String text, long bytes) {
        assertThat(SIZE.parser().apply(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1MB", "1kib", "1.5MiB", "999999999999999GiB", "2048GiB", "MiB"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> SIZE.parser().apply(text))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-2", "11", "1.0", "0x1", "99999999999999999999"})
    void integersOutsideTheirBoundsAreRefused(String text) {
        assertThatThrownBy(() -> INTEGER.parser().apply(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "yes", "1", ""})
    void flagsAreTrueOrFalse(String text) {
        assertThatThrownBy(() -> Key.flag("forebay.f", true, "").parser().apply(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void setsAreSeparatedByCommas() {
        Key<?> key = Key.set("forebay.l", "", "", Pattern.compile("[a-z]"), "");

        assertThat(key.parser().apply(" a, b,,a ")).isEqualTo(Set.of("a", "b"));
    }

    @Test
    void everyDefaultIsWrittenSoThatItIsReadBack() {
        assertThat(List.of(DURATION, SIZE, INTEGER)).extracting(Key::fallback).containsExactly("90s", "1MiB", "5");
    }
}
