package io.forebay.records.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    /** What SQL answers to {@code v = ..}, {@code IS NULL}, {@code IN}, {@code <>}, {@code NOT IN}, {@code IS NOT NULL}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "a"                     | "a"   | true
                    "a"                     | "b"   | false
                    "a"                     | null  | false
                    1                       | 1.0   | true
                    1                       | "1"   | false
                    true                    | true  | true
                    null                    | null  | true
                    null                    | "a"   | false
                    {"in":["a","b"]}        | "b"   | true
                    {"in":["a","b"]}        | "c"   | false
                    {"in":["a",null]}       | "a"   | true
                    {"in":["a",null]}       | null  | false
                    {"in":[]}               | null  | false
                    {"not":"a"}             | "b"   | true
                    {"not":"a"}             | "a"   | false
                    {"not":"a"}             | null  | false
                    {"not":null}            | "a"   | true
                    {"not":null}            | null  | false
                    {"not":{"in":["a"]}}    | "b"   | true
                    {"not":{"in":["a"]}}    | "a"   | false
                    {"not":{"in":["a"]}}    | null  | false
                    {"not":{"in":[null]}}   | "b"   | false
                    {"not":{"in":[]}}       | null  | true
                    """)
    void holdsAsInSql(String condition, String value, boolean holds) {
        Conditions where = where(condition);

        assertThat(where.hold(JsonObject.parse("{\"v\":" + value + "}"))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({"null, true", "1, false"})
    void anAbsentColumnIsNull(String condition, boolean holds) {
        assertThat(where(condition).hold(JsonObject.parse("{}"))).isEqualTo(holds);
    }

    private static Conditions where(String condition) {
        Model model =
                ModelFile.parse("{\"tables\":{\"t\":{\"columns\":[\"id\",\"up\",\"v\"],\"assocs\":{\"a\":{\"kind\":"
                        + "\"has_many\",\"table\":\"t\",\"fk\":\"up\",\"where\":{\"v\":" + condition + "}}}}}}");
        return Objects.requireNonNull(model.require("t").association("a")).where();
    }
}
