package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How far the brokers' clock is known from append times alone. */
class PartitionClockTest {

    private static final class Own extends Clock {
        private long millis = 1_000_000;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    }

    private final Own own = new Own();
    private final PartitionClock clock = new PartitionClock(own);

    @Test
    void theOwnClockIsTakenAsRightWhileNothingContradicts() {
        clock.seen(own.millis - 60_000);
        clock.appended(own.millis - 5, own.millis - 2);

        assertThat(clock.now()).isEqualTo(own.millis);
        assertThat(clock.isBounded()).isTrue();
    }

    @Test
    void aRecordFromTheFutureSaysThatTheOwnClockIsBehind() {
        clock.seen(own.millis + 3_000);
        clock.seen(own.millis + 2_000);
        own.millis += 500;

        assertThat(clock.now()).isEqualTo(own.millis + 3_000);
        assertThat(clock.isBounded()).isFalse();
    }

    @Test
    void aRecordStampedBeforeItWasAskedForSaysThatTheOwnClockIsAhead() {
        clock.appended(own.millis - 10, own.millis - 4_000);

        assertThat(clock.now()).isEqualTo(own.millis - 3_990);
    }

    @Test
    void theBrokersClockIsNeverOvertaken() {
        for (int ahead = -5_000; ahead <= 5_000; ahead += 100) {
            PartitionClock measured = new PartitionClock(own);
            long broker = own.millis - ahead;
            measured.appended(own.millis - 20, broker - 10);

            assertThat(measured.now()).isBetween(broker - 10, broker + 10);
        }
    }

    @Test
    void aClockThatWasSetIsMeasuredAnew() {
        long ahead = 5_000;
        clock.appended(own.millis - 1, own.millis - ahead);
        own.millis -= 3_600_000;
        clock.appended(own.millis, own.millis);
        assertThat(clock.now()).isEqualTo(own.millis);

        own.millis += 7_200_000;
        clock.appended(own.millis, own.millis - 7_200_000);
        assertThat(clock.now()).isEqualTo(own.millis - 7_200_000);
    }
}
