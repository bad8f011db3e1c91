package io.forebay.schemas.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.path.PathSyntaxException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTest {

    @ParameterizedTest
    @CsvSource({
        "197038439483310086, 197038439483310086",
        "a b, a%20b",
        "a/b, a%2Fb",
        "100%, 100%25",
        "*, %2A",
        "é, %C3%A9",
        "😀, %F0%9F%98%80",
        "~-._, ~-._",
        ".., ..",
        "'', ''",
    })
    void onePartHasOneCanonicalForm(String part, String canonical) {
        Path path = Path.of(part);

        assertThat(path).hasToString(canonical).isEqualTo(Path.parse(canonical));
    }

    @Test
    void partsAreJoinedBySlashes() {
        assertThat(Path.of("users", "", "a/b")).hasToString("users//a%2Fb");
    }

    @ParameterizedTest
    @CsvSource({
        "a b, UNENCODED",
        "a*, UNENCODED",
        "é, UNENCODED",
        "a?b, UNENCODED",
        "%41, NEEDLESS_ENCODING",
        "%7E, NEEDLESS_ENCODING",
        "%c3%a9, LOWER_CASE_HEX",
        "a%2f, LOWER_CASE_HEX",
        "%, INCOMPLETE_ENCODING",
        "a%2, INCOMPLETE_ENCODING",
        "a%2/F, INCOMPLETE_ENCODING",
        "%tick, INCOMPLETE_ENCODING",
        "%C3, INVALID_UTF8",
        "%C0%80, INVALID_UTF8",
        "%ED%A0%80, INVALID_UTF8",
    })
    void anotherSpellingIsRefused(String text, Reason reason) {
        assertThatThrownBy(() -> Path.parse(text))
                .isInstanceOfSatisfying(
                        PathSyntaxException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aRecordKeyThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> Path.parse(new byte[] {'a', (byte) 0xFF}))
                .isInstanceOfSatisfying(
                        PathSyntaxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_UTF8));
    }

    @Test
    void aPathHasAPart() {
        assertThatThrownBy(() -> Path.of(List.of())).isInstanceOf(PathSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\uDC00", "\uDC00\uD800"})
    void aLoneSurrogateIsRefused(String part) {
        assertThatThrownBy(() -> Path.of(part))
                .isInstanceOfSatisfying(
                        PathSyntaxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LONE_SURROGATE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "{}",
                "[]",
                "[1]",
                "[\"a\"",
                "[\"a\"] 1",
                "[[\"a\"]]",
                "[null]",
                "\"a\"",
                "[\"\\ud800\"]"
            })
    void whatIsNoArrayOfPartsIsRefused(String json) {
        assertThatThrownBy(() -> Path.fromJson(json)).isInstanceOf(PathSyntaxException.class);
    }

    @Test
    void everyFormLeadsBackToTheSameParts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            List<String> parts = RandomText.parts(random);
            Path path = Path.of(parts);
            assertThat(path.parts()).as("seed %d", seed).isEqualTo(parts);
            assertThat(Path.parse(path.toString()).parts()).as("seed %d", seed).isEqualTo(parts);
            assertThat(Path.parse(path.toBytes())).as("seed %d", seed).isEqualTo(path);
            assertThat(Path.fromJson(path.toJson())).as("seed %d", seed).isEqualTo(path);
        }
    }

    @Test
    void orderIsPartByPartByUtf8Bytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            List<String> a = RandomText.parts(random);
            List<String> b = RandomText.parts(random);
            assertThat(Integer.signum(Path.of(a).compareTo(Path.of(b))))
                    .as("seed %d: %s and %s", seed, a, b)
                    .isEqualTo(Integer.signum(compareByBytes(a, b)));
        }
    }

    private static int compareByBytes(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Arrays.compareUnsigned(
                    a.get(i).getBytes(StandardCharsets.UTF_8), b.get(i).getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }
}
