package io.forebay.cache.loader.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which question marks are parameters. */
class SqlTextTest {

    static Stream<Arguments> statements() {
        return Stream.of(
                arguments("SELECT 1", 0),
                arguments("SELECT * FROM a WHERE b = ? AND c = ?", 2),
                arguments("SELECT '?', 'it''s ?', \"?\" FROM a WHERE b = ?", 1),
                arguments("SELECT E'\\'?', e'\\\\' WHERE ?", 1),
                arguments("SELECT '\\', ?", 1),
                arguments("SELECT date'?', ?", 1),
                arguments("SELECT $$ ? $$, $x$ $$ ? $x$, a$1 = ?", 1),
                arguments("SELECT 1 -- ?\n WHERE ?", 1),
                arguments("SELECT /* ? /* ? */ ? */ ?", 1),
                arguments("SELECT 1 /* ?", 0),
                arguments("SELECT a ?? 'b' AND c ??| ?", 1));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void parametersAreCounted(String sql, int parameters) {
        assertThat(SqlText.parameters(sql)).isEqualTo(parameters);
    }
}
