package io.forebay.schemas.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathMatchTest {

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a, false",
        "a/b, a/b/c, false",
        "a/*, a/b, true",
        "a/*, a/, true",
        "a/*, a, false",
        "a/*, a/b/c, false",
        "*/b, a/b, true",
        "*/*, a/b, true",
        "*, a, true",
        "*, a/b, false",
        "a/**, a, true",
        "a/**, a/b, true",
        "a/**, a/b/c, true",
        "a/**, b, false",
        "**, a/b/c, true",
        "*/**, a, true",
        "users/*/session/*, users/1/session/x, true",
        "users/*/session/*, users/1/session, false",
        "%2A, %2A, true",
        "%2A, a, false",
    })
    void aPathMeetsAMatchOrNot(String match, String path, boolean meets) {
        assertThat(PathMatch.parse(match).matches(Path.parse(path))).isEqualTo(meets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"**/a", "a**", "a*", "*a/b", "a/***", "a b", "%41", "%"})
    void aMatchThatIsNotCanonicalIsRefused(String text) {
        assertThatThrownBy(() -> PathMatch.parse(text)).isInstanceOf(PathSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[1]",
                "[{\"any\":false}]",
                "[{\"any\":true,\"rest\":true}]",
                "[{\"some\":true}]",
                "[{}]",
                "[{\"rest\":true},\"a\"]",
                "[{\"rest\":true},{\"rest\":true}]",
                "[\"a\"",
                "[\"\\ud800\"]"
            })
    void whatIsNoArrayOfElementsIsRefused(String json) {
        assertThatThrownBy(() -> PathMatch.fromJson(json)).isInstanceOf(PathSyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "users/*/session/** | [\"users\",{\"any\":true},\"session\",{\"rest\":true}]",
                "** | [{\"rest\":true}]",
                "a//%2A | [\"a\",\"\",\"*\"]",
            })
    void textAndJsonFormAreOne(String text, String json) {
        PathMatch match = PathMatch.parse(text);

        assertThat(match).hasToString(text).isEqualTo(PathMatch.fromJson(json));
        assertThat(match.toJson()).isEqualTo(json);
    }

    @Test
    void theLiteralPrefixEndsAtTheFirstWildcard() {
        assertThat(PathMatch.parse("a%20b/c/*/d/**").literalPrefix()).containsExactly("a b", "c");
    }

    @Test
    void onlyAMatchWithoutWildcardsIsExact() {
        assertThat(List.of("a/b", "a/*", "a/**"))
                .extracting(text -> PathMatch.parse(text).isExact())
                .containsExactly(true, false, false);
    }

    @Test
    void everyPathMeetsItselfAndItsWildcards() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Path path = Path.of(RandomText.parts(random));
            assertThat(PathMatch.exactly(path).matches(path))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(PathMatch.parse(path.toString())).as("seed %d", seed).isEqualTo(PathMatch.exactly(path));
            assertThat(PathMatch.parse(path + "/**").matches(path))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }
}
