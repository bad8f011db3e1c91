package io.forebay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "respond-async | true | ",
                "Respond-Async, wait=5 | true | PT5S",
                "wait=5, wait=6 | false | PT5S",
                "wait = \"7\" | false | PT7S",
                "wait=abc | false | ",
                "wait=-1 | false | ",
                "wait=999999999 | false | PT1M",
                "handling=lenient; a=\"x, respond-async\" | false | ",
                "wait | false | ",
            })
    void preferences_are_read_as_the_rfc_says(String header, boolean async, String wait) {
        Prefer prefer = Prefer.parse(List.of(header));

        assertThat(prefer.respondAsync()).isEqualTo(async);
        assertThat(String.valueOf(prefer.maxWait())).isEqualTo(String.valueOf(wait));
    }
}
