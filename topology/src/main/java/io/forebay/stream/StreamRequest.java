package io.forebay.stream;

import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one reader wants to follow.
 *
 * @param feed the sync topic and how to read it
 * @param partitions the partitions to follow, the same in the source and the sync topic; at least one
 * @param selector which changes concern the reader; pure and cheap, called for every change of those partitions
 * @param pager reads the snapshot of what {@code selector} selects
 * @param start where to begin when there is no {@code lastEventId}
 * @param lastEventId the id of the last message the reader got on an earlier connection, as it got it
 */
public record StreamRequest(
        Feed feed,
        SortedSet<Integer> partitions,
        Predicate<StreamChange> selector,
        SnapshotPager pager,
        StreamStart start,
        @Nullable String lastEventId) {

    public StreamRequest {
        if (partitions.isEmpty()) {
            throw new IllegalArgumentException("a stream follows at least one partition");
        }
    }
}
