package io.forebay.keys.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.calls.JsonBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueJsonTest {
    private static String written(byte[] value, String contentType) {
        JsonBuffer json = new JsonBuffer();
        ValueJson.write(json, value, contentType);
        return new String(json.bytes(), StandardCharsets.UTF_8);
    }

    private static String written(String value, String contentType) {
        return written(value.getBytes(StandardCharsets.UTF_8), contentType);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "1.00e2", "\"\\u0000\\ud800\"", "{\"a\":[1, {\"a\":1,\"a\":2}]}", " true ", "\"é\""})
    void json_is_spliced_in_to_the_letter(String value) {
        assertThat(written(value, "application/json")).isEqualTo("\"value\":" + value);
    }

    @Test
    void line_breaks_between_tokens_become_spaces() {
        assertThat(written("{\r\n\"a\": \"\\n\"\n}", "application/json")).isEqualTo("\"value\":{  \"a\": \"\\n\" }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{}{}", "1 2", "nul", "{'a':1}", "[1,]", "\"\n\"", "\uFEFF1", "01"})
    void what_is_no_json_is_base64_whatever_its_type_says(String value) {
        assertThat(written(value, "application/json"))
                .startsWith("\"value_base64\":\"")
                .endsWith("\"application/json\"");
    }

    @Test
    void bytes_that_are_not_utf8_are_base64() {
        assertThat(written(new byte[] {'"', (byte) 0xFF, '"'}, "application/json"))
                .startsWith("\"value_base64\":");
    }

    @ParameterizedTest
    @CsvSource({
        "application/problem+json, true",
        "Application/JSON; charset=utf-8, true",
        "text/json, false",
        "a/jsonb, false"
    })
    void a_media_type_says_whether_it_is_json(String contentType, boolean is) {
        assertThat(ValueJson.isJson(contentType)).isEqualTo(is);
    }

    @Test
    void another_type_stands_beside_the_value() {
        assertThat(written("1", "a/b+json;x=\"\\\""))
                .isEqualTo("\"value\":1,\"content_type\":\"a/b+json;x=\\\"\\\\\\\"\"");
        assertThat(written("hi", "text/plain")).isEqualTo("\"value_base64\":\"aGk=\",\"content_type\":\"text/plain\"");
    }
}
