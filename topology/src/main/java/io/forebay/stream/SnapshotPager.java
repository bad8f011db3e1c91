package io.forebay.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the snapshot of one stream page by page, in key order, from the partition's owner. */
@FunctionalInterface
public interface SnapshotPager {

    /**
     * Reads the page after {@code cursor}.
     *
     * @param partition the source topic's partition
     * @param cursor the cursor of the page before, null for the first page
     * @param atLeast source offset that the page's state must have reached, -1 for any
     * @return the page; fails as the read does when that state cannot be had in time
     */
    CompletionStage<SnapshotPage> next(int partition, @Nullable Object cursor, long atLeast);
}
