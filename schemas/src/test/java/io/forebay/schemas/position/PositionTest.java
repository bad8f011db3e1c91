package io.forebay.schemas.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    private static final TopicPartition P0 = new TopicPartition("presence", 0);
    private static final TopicPartition P1 = new TopicPartition("presence", 1);

    @Test
    void nothingIsCoveredByTheEmptyPosition() {
        assertThat(Position.empty().offset(new TopicPartition("topic", 0))).isEmpty();
    }

    @Test
    void mergingTakesTheGreaterOffsetOfEachPartition() {
        Position merged = Position.of(Map.of(P0, 5L, P1, 1L)).merge(Position.of(Map.of(P0, 3L, P1, 2L)));

        assertThat(merged).isEqualTo(Position.of(Map.of(P0, 5L, P1, 2L)));
    }

    @Test
    void theEmptyPositionChangesNothing() {
        Position position = Position.of(P0, 5);

        assertThat(position.merge(Position.empty())).isEqualTo(position);
        assertThat(Position.empty().merge(position)).isEqualTo(position);
    }

    @Test
    void onlyTouchedPartitionsMatter() {
        Position position = Position.of(P0, 0);

        assertThat(position.offset(P0)).isEqualTo(OptionalLong.of(0));
        assertThat(position.offset(P1)).isEmpty();
        assertThat(Position.empty().offset(P1)).isEmpty();
    }

    @Test
    void aPartOfAPositionConcernsOneTopic() {
        Position other = Position.of("keys", 0, 9);

        assertThat(Position.of(P0, 1).merge(other).ofTopic("keys")).isEqualTo(other);
    }

    @Test
    void negativeOffsetsAreRefused() {
        assertThatThrownBy(() -> Position.of(P0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenLeadsBackToItsPosition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Position position = random(random);
            assertThat(Position.parse(position.token())).as("seed %d", seed).isEqualTo(position);
        }
    }

    @Test
    void aTokenFitsIntoAHeader() {
        assertThat(Position.of("forebay.presence", 7, Long.MAX_VALUE).token()).matches("[A-Za-z0-9_-]{1,60}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AQ==", "Ag", "garbage", "!!", "AQAA", "AQE", "AQFhAA", "AQFhAYCAgICAgICAgIAB"})
    void whatIsNoTokenIsRefused(String token) {
        assertThatThrownBy(() -> Position.parse(token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a position token");
    }

    @Test
    void aDamagedTokenIsRefusedOrIsTheTokenOfAnotherPosition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] token = random(random).token().getBytes(StandardCharsets.US_ASCII);
            token[random.nextInt(token.length)] = (byte) random.nextInt(0x80);
            String damaged = new String(token, StandardCharsets.US_ASCII);
            assertThat(isRefusedOrCanonical(damaged))
                    .as("seed %d: %s", seed, damaged)
                    .isTrue();
        }
    }

    @Test
    void aTokenThatClaimsManyPartitionsCostsNothing() {
        byte[] claim = {1, 1, 'a', (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};

        assertThatThrownBy(() ->
                        Position.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(claim)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isRefusedOrCanonical(String token) {
        try {
            return Position.parse(token).token().equals(token);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static Position random(Random random) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        int size = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            String topic = random.nextBoolean() ? "forebay.presence" : "t" + random.nextInt(3);
            offsets.put(new TopicPartition(topic, random.nextInt(300)), random.nextLong() >>> (1 + random.nextInt(60)));
        }
        return Position.of(offsets);
    }
}
