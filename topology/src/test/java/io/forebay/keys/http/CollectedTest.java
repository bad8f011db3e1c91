package io.forebay.keys.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.http.ProblemException;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.KeyFound;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollectedTest {
    private static final List<Path> KEYS = List.of(Path.parse("n/a"), Path.parse("n/b"), Path.parse("n/c"));

    private static KeyFound found(int bytes) {
        return new KeyFound(new byte[bytes], "text/plain", 7, null);
    }

    @Test
    void answers_of_partitions_come_back_in_the_order_of_the_keys() {
        Collected collected = new Collected(KEYS, 100);

        collected.add(List.of(1), List.of(new KeyFound(null, null, -1, null)), Position.of("t", 1, 5));
        collected.add(List.of(0, 2), List.of(found(1)), Position.of("t", 0, 3));
        collected.add(List.of(2), List.of(found(2)), Position.of("t", 0, 4));

        assertThat(collected.entries()).extracting(KeyEntry::key).containsExactly("n/a", "n/c");
        assertThat(collected.position()).isEqualTo(Position.of("t", 0, 4).merge(Position.of("t", 1, 5)));
    }

    @Test
    void values_that_are_too_much_for_one_answer_are_refused() {
        Collected collected = new Collected(KEYS, 100);
        collected.add(List.of(0), List.of(found(60)), Position.empty());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> collected.add(List.of(1), List.of(found(60)), Position.empty()))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
    }
}
