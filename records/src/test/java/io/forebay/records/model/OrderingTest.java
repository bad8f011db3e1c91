package io.forebay.records.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OrderingTest {

    /** Of one column, in ascending order. */
    private static final List<String> VALUES = List.of(
            "false",
            "true",
            "-1e400",
            "-2",
            "0",
            "1.5",
            "2",
            "10",
            "12345678901234567890123",
            "1e99999999999",
            "\"\"",
            "\"10\"",
            "\"2\"",
            "\"B\"",
            "\"a\"",
            "\"\uFFFD\"",
            "\"\uD83D\uDE00\"",
            "[1]",
            "{\"a\":1}",
            "null");

    private static JsonObject row(String value) {
        return JsonObject.parse("{\"v\":" + value + "}");
    }

    private static List<String> sorted(Ordering ordering, List<String> values) {
        List<String> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, new Random(7));
        return shuffled.stream()
                .map(OrderingTest::row)
                .sorted(ordering::compare)
                .map(row -> row.members().get(0).value().raw())
                .toList();
    }

    @Test
    void ordersByValueWithNullsLast() {
        assertThat(sorted(new Ordering(List.of(new Ordering.Term("v", false))), VALUES))
                .isEqualTo(VALUES);
    }

    @Test
    void descendsFromNulls() {
        List<String> descending = new ArrayList<>(VALUES);
        Collections.reverse(descending);

        assertThat(sorted(new Ordering(List.of(new Ordering.Term("v", true))), VALUES))
                .isEqualTo(descending);
    }

    @Test
    void laterColumnsDecideWhereEarlierOnesDoNot() {
        Ordering ordering = new Ordering(List.of(new Ordering.Term("a", false), new Ordering.Term("b", true)));

        assertThat(Stream.of("{\"a\":1,\"b\":1}", "{\"a\":1.0,\"b\":2}", "{\"b\":9}", "{\"a\":0}")
                        .map(JsonObject::parse)
                        .sorted(ordering::compare)
                        .map(JsonObject::text))
                .containsExactly("{\"a\":0}", "{\"a\":1.0,\"b\":2}", "{\"a\":1,\"b\":1}", "{\"b\":9}");
    }
}
