package io.forebay.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.schemas.path.Path;
import org.junit.jupiter.api.Test;

/** How many stale entries an instance has loaded anew at a time. */
class RefreshesTest {
    private static final Path A = Path.of("cache:c", "a");
    private static final Path B = Path.of("cache:c", "b");

    private final Refreshes refreshes = new Refreshes(1);

    @Test
    void one_caller_begins_and_the_next_after_it_has_ended() {
        assertThat(refreshes.begin(A)).isTrue();
        assertThat(refreshes.begin(A)).isFalse();
        refreshes.end(A);

        assertThat(refreshes.begin(A)).isTrue();
    }

    @Test
    void beyond_the_bound_an_entry_stays_as_it_is() {
        refreshes.begin(A);

        assertThat(refreshes.begin(B)).isFalse();
        refreshes.end(A);
        assertThat(refreshes.begin(B)).isTrue();
    }

    @Test
    void a_caller_that_is_refused_takes_nothing_of_the_bound() {
        Refreshes two = new Refreshes(2);
        two.begin(A);
        two.begin(A);

        assertThat(two.begin(B)).isTrue();
    }
}
