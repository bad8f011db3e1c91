package io.forebay.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.query.Looked;
import io.forebay.schemas.path.Path;
import org.junit.jupiter.api.Test;

/** How often a read is worth a record. */
class TouchesTest {
    private static final Path KEY = Path.of("cache:c", "k");
    private static final long ANY = Long.MAX_VALUE;

    private final Touches touches = new Touches();

    private static Looked looked(long touched, long lifetime, long now) {
        return new Looked(new byte[0], "a/b", touched, lifetime, now, false, false, false);
    }

    @Test
    void one_read_in_a_tenth_of_the_lifetime_is_told() {
        assertThat(touches.isDue(KEY, looked(0, ANY, 499), 5L)).isFalse();
        assertThat(touches.isDue(KEY, looked(0, ANY, 500), 5L)).isTrue();
    }

    @Test
    void what_was_told_counts_before_it_is_in_the_log() {
        touches.isDue(KEY, looked(0, ANY, 500), 5L);

        assertThat(touches.isDue(KEY, looked(0, ANY, 999), 5L)).isFalse();
        assertThat(touches.isDue(KEY, looked(0, ANY, 1_000), 5L)).isTrue();
    }

    @Test
    void a_reader_that_takes_any_age_tells_as_often_as_the_others_need_it() {
        assertThat(touches.isDue(KEY, looked(0, 5_000, 500), null)).isTrue();
    }

    @Test
    void where_any_age_does_it_is_told_seldom() {
        assertThat(touches.isDue(KEY, looked(0, ANY, 9_999), null)).isFalse();
        assertThat(touches.isDue(KEY, looked(0, ANY, 10_000), null)).isTrue();
    }
}
