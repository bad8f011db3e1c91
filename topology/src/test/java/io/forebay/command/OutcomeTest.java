package io.forebay.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outcomes as they are kept. */
class OutcomeTest {

    static Stream<Outcome> outcomes() {
        return Stream.of(
                Outcome.done(),
                Outcome.answered("{\"a\":1}".getBytes(UTF_8)),
                Outcome.refused(RefusedException.invalid("/a", "a rule")),
                Outcome.refused(RefusedException.invalid((String) null, "a rule")),
                Outcome.refused(RefusedException.invalid(
                        List.of(new Violation("/a", "a rule"), new Violation(null, "another rule")))),
                Outcome.refused(RefusedException.of(
                        409, "conflict", List.of(new Violation("/ä", "a rule")), "{\"current\":[1]}")));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void areReadAsTheyWereWritten(Outcome outcome) {
        Outcome read = Outcome.decode(ByteBuffer.wrap(outcome.encode()));

        assertThat(read).usingRecursiveComparison().isEqualTo(outcome);
    }

    @Test
    void tellAllRulesInWords() {
        Outcome refused = Outcome.refused(
                RefusedException.invalid(List.of(new Violation("/a", "a rule"), new Violation(null, "another rule"))));

        assertThat(refused.rules()).isEqualTo("/a: a rule; another rule");
        assertThat(refused.field()).isEqualTo("/a");
    }
}
