package io.forebay.records.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    7                      | 7
                    "7"                    | 7
                    7.0                    | 7
                    7e2                    | 700
                    -0                     | 0
                    0.50                   | 0.5
                    12345678901234567890   | 12345678901234567890
                    1e200                  | 1E+200
                    1e99999999999          | 1e99999999999
                    "a/b"                  | a/b
                    ""                     | ''
                    true                   | true
                    """)
    void valuesOfOneKeyHaveOneText(String json, String text) {
        assertThat(KeyText.of(JsonObject.parse("{\"k\":" + json + "}"), List.of("k")))
                .containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource({"{}", "{\"k\":null}", "{\"k\":[1]}", "'{\"k\":{\"a\":1}}'"})
    void whatIsNoScalarIsNoKey(String row) {
        assertThat(KeyText.of(JsonObject.parse(row), List.of("k"))).isNull();
    }

    @Test
    void aRecordIsItsPath() {
        RecordId record = new RecordId("public.seats", List.of("A/1", "7"));

        assertThat(record).hasToString("public.seats/A%2F1/7");
        assertThat(RecordId.of(Path.parse("public.seats/A%2F1/7"))).isEqualTo(record);
    }
}
