package io.forebay.sync.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.schemas.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

    private static final String ROW = """
            {"id": 7, "name": "Ada", "score": 7.0, "half": 0.5, "none": null, "on": true,
             "tags": ["a", "b"], "meta": {"k": 1, "list": [{"x": 1}]},
             "uint": 18446744073709551615, "big": 18446744073709551616, "huge": 1e999, "minus": -9223372036854775808}
            """;
    private static final String CLAIMS = "{\"sub\": \"7\", \"id\": 7, \"tags\": [\"b\"], \"tenant\": null}";

    private static @Nullable JsonMap map(@Nullable String json) {
        return json == null ? null : new JsonMap(JsonObject.parse(json));
    }

    static Verdict judge(String rule, String row, @Nullable String old, @Nullable String claims) {
        return Rule.compile(rule)
                .judge(new Variables(
                        "posts", Occasion.UPDATED, new JsonMap(JsonObject.parse(row)), map(old), map(claims)));
    }

    private static Verdict judge(String rule) {
        return judge(rule, ROW, null, CLAIMS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "row.id == 7",
                "row.id == 7.0",
                "row.id == 7u",
                "row.score == 7",
                "row.score == row.id",
                "row.id == claims.id",
                "string(row.id) == claims.sub",
                "row.id < 7.5 && row.half < row.id",
                "row.none == null",
                "has(row.none) && !has(row.absent)",
                "'none' in row && !('absent' in row)",
                "row['name'] == 'Ada'",
                "row[row.name == 'Ada' ? 'on' : 'name']",
                "row.on",
                "'a' in row.tags && row.tags[1] == 'b'",
                "row.tags.exists(t, t in claims.tags)",
                "row.tags.filter(t, t == 'a').size() == 1",
                "row.tags == ['a', 'b']",
                "row.meta.k == 1 && row.meta.list[0].x == 1",
                "row.meta == {'k': 1, 'list': [{'x': 1}]}",
                "row.all(column, column != '')",
                "row.size() == 12",
                "row.uint == 18446744073709551615u && row.uint > row.id",
                "row.big == '18446744073709551616'",
                "row.huge == '1e999'",
                "row.minus == -9223372036854775808",
                "row.name.startsWith('A') && row.name.contains('d') && row.name.matches('^A[a-z]{2}$')",
                "matches(row.name, '^A')",
                "old == null",
                "claims != null && claims.tenant == null",
                "event == 'updated' && table == 'posts'",
                "row.absent == 1 || row.id == 7",
                "timestamp('2024-01-01T00:00:00Z') < timestamp('2025-01-01T00:00:00Z')",
                "row == row",
            })
    void holds(String rule) {
        assertThat(judge(rule)).isEqualTo(Verdict.ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "row.id == '7'",
                "row.name == null",
                "row.big == 18446744073709551615u",
                "row.tags == ['a']",
                "claims == null",
                "row.id == 7 && row.name == 'Bob'",
            })
    void doesNotHold(String rule) {
        assertThat(judge(rule)).isEqualTo(Verdict.DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "row.absent == 1",
                "row.absent == null",
                "row.name.x == 1",
                "row.name < 1",
                "row.id",
                "row.name",
                "row.none",
                "row.tags[2] == 'c'",
                "row.big > 5",
                "old.id == 7",
                "row.id / 0 == 1",
                "row.id + 9223372036854775807 == 0",
                "row.name.contains(row.id)",
                "claims.tenant.x == 1",
                "row.absent == 1 || row.id == 8",
                "row.id.exists(x, true)",
            })
    void failsOnTheRow(String rule) {
        assertThat(judge(rule)).isEqualTo(Verdict.FAILED);
    }

    @Test
    void seesTheOldRow() {
        assertThat(judge("old.id != row.id", "{\"id\": 1}", "{\"id\": 2}", null))
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void failsOnClaimsThatAreMissing() {
        assertThat(judge("claims.sub == '7'", ROW, null, null)).isEqualTo(Verdict.FAILED);
        assertThat(judge("claims == null", ROW, null, null)).isEqualTo(Verdict.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                          | 1 | 1
                    row.id ==                                   | 1 | 10
                    nope == 1                                   | 1 | 1
                    row.id == 1 && nope                         | 1 | 16
                    1                                           | 1 | 1
                    'text'                                      | 1 | 1
                    table                                       | 1 | 1
                    row                                         | 1 | 1
                    1 == true                                   | 1 | 3
                    row.name.nope()                             | 1 | 14
                    event + 1 == '2'                            | 1 | 7
                    google.protobuf.Struct{} == row.meta        | 1 | 23
                    row.name.matches(claims.pattern)            | 0 | 0
                    row.name.matches('(')                       | 0 | 0
                    row.name.matches(dyn('a'))                  | 0 | 0
                    """)
    void doesNotCompile(String rule, int line, int column) {
        RuleException refused =
                catchThrowableOfType(RuleException.class, () -> Rule.compile(rule.replace("'text'", "\"text\"")));

        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isNotEmpty();
        assertThat(refused.line()).isEqualTo(line);
        assertThat(refused.column()).isEqualTo(column);
    }

    @Test
    void tellsTheLine() {
        assertThatThrownBy(() -> Rule.compile("row.id == 1\n && nope"))
                .isInstanceOf(RuleException.class)
                .hasMessageStartingWith("line 2, column 5: ");
    }
}
