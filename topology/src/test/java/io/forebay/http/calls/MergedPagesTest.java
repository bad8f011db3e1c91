package io.forebay.http.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MergedPagesTest {
    private static MergedPages.Page<Integer, Integer> page(@Nullable Integer scannedTo, Integer... entries) {
        return new MergedPages.Page<>(List.of(entries), scannedTo);
    }

    private static MergedPages<Integer, Integer> merged(int limit, List<MergedPages.Page<Integer, Integer>> pages) {
        return MergedPages.of(pages, entry -> entry, Comparator.naturalOrder(), limit);
    }

    @Test
    void whole_partitions_are_merged_in_order_and_have_no_next() {
        assertThat(merged(5, List.of(page(null, 1, 4), page(null, 2, 3), page(null))))
                .isEqualTo(new MergedPages<>(List.of(1, 2, 3, 4), null));
    }

    @Test
    void a_full_page_goes_on_after_its_last_entry() {
        assertThat(merged(2, List.of(page(null, 1, 4), page(null, 2, 3))))
                .isEqualTo(new MergedPages<>(List.of(1, 2), 2));
    }

    @Test
    void a_partition_that_stopped_early_bounds_the_page() {
        assertThat(merged(5, List.of(page(2, 1, 2), page(null, 3, 4)))).isEqualTo(new MergedPages<>(List.of(1, 2), 2));
    }

    @Test
    void a_page_may_be_empty_and_go_on() {
        assertThat(merged(5, List.of(page(7), page(9, 8)))).isEqualTo(new MergedPages<>(List.of(), 7));
    }
}
