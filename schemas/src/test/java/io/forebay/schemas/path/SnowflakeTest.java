package io.forebay.schemas.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnowflakeTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "82198898841029460", "9223372036854775808", "18446744073709551615"})
    void canonicalDecimalIsKept(String text) {
        assertThat(Snowflake.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "01",
                "00",
                "12abc",
                " 1",
                "1 ",
                "1.0",
                "1e3",
                "18446744073709551616",
                "99999999999999999999",
                "١"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Snowflake.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551615", "\"18446744073709551615\"", "\"\\u00318446744073709551615\""})
    void jsonMayBeAStringOrAnInteger(String json) {
        assertThat(Snowflake.fromJson(value(json))).hasToString("18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e3", "-1", "-0", "null", "true", "[]", "{}", "\"\"", "\" 1\""})
    void otherJsonIsRefused(String json) {
        assertThatThrownBy(() -> Snowflake.fromJson(value(json))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesAndOrderFollowTheNumber() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Snowflake a = new Snowflake(random.nextLong());
            Snowflake b = new Snowflake(random.nextLong());
            int expected = new BigInteger(a.toString()).compareTo(new BigInteger(b.toString()));
            assertThat(Integer.signum(a.compareTo(b))).as("seed %d", seed).isEqualTo(expected);
            assertThat(Integer.signum(Arrays.compareUnsigned(a.toBytes(), b.toBytes())))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private static JsonValue value(String json) {
        return Objects.requireNonNull(JsonObject.parse("{\"id\":" + json + "}").member("id"));
    }
}
