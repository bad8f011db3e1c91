package io.forebay.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.stream.StreamToken.Lane;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTokenTest {

    private static final StreamToken TOKEN = new StreamToken(
            "forebay.presence.sync",
            true,
            new TreeMap<>(Map.of(
                    2, new Lane(17, List.of()),
                    5,
                            new Lane(
                                    1L << 40,
                                    List.of(new Floors.Range(new byte[] {1, -1}, 3), new Floors.Range(null, 4))))));

    @Test
    void itIsReadAsItWasWritten() {
        StreamToken read = Objects.requireNonNull(StreamToken.parse(TOKEN.text()));

        assertThat(read.text()).isEqualTo(TOKEN.text());
        assertThat(read.syncTopic()).isEqualTo("forebay.presence.sync");
        assertThat(read.complete()).isTrue();
        assertThat(Objects.requireNonNull(read.lanes().get(5)).floors()).hasSize(2);
        assertThat(Objects.requireNonNull(read.lanes().get(2)).next()).isEqualTo(17);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "AAAA", "not a token", "=", "/////////", "AAAAAAAAAAAAAAAAAAAAAAAA"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StreamToken.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenCutOrAlteredIsRefused() {
        String text = TOKEN.text();
        for (int i = 0; i < text.length(); i++) {
            String cut = text.substring(0, i);
            String altered = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);

            assertThatThrownBy(() -> StreamToken.parse(cut)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> StreamToken.parse(altered)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
