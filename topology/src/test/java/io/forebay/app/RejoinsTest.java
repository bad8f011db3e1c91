package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RejoinsTest {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final AtomicLong time =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
    private final Rejoins rejoins = new Rejoins(WINDOW, time::get);

    @Test
    void pausesGrowUpToASecond() {
        assertThat(rejoins.next()).hasValue(Duration.ofMillis(50));
        assertThat(rejoins.next()).hasValue(Duration.ofMillis(100));
        assertThat(rejoins.next()).hasValue(Duration.ofMillis(200));
        assertThat(rejoins.next()).hasValue(Duration.ofMillis(400));
        assertThat(rejoins.next()).hasValue(Duration.ofMillis(800));
        assertThat(rejoins.next()).hasValue(Duration.ofSeconds(1));
        assertThat(rejoins.next()).hasValue(Duration.ofSeconds(1));
    }

    @Test
    void giveUpWhenTheWindowIsOver() {
        rejoins.next();
        pass(WINDOW);
        assertThat(rejoins.next()).isPresent();

        pass(Duration.ofMillis(1));

        assertThat(rejoins.next()).isEmpty();
    }

    @Test
    void aQuietTimeOpensAnotherWindow() {
        rejoins.next();

        pass(WINDOW.plusMillis(1));

        assertThat(rejoins.next()).hasValue(Duration.ofMillis(50));
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }
}
