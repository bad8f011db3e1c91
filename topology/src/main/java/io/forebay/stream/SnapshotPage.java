package io.forebay.stream;

import org.jspecify.annotations.Nullable;

/**
 * One page of a snapshot.
 *
 * @param json the data of the {@code snapshot} message: UTF-8 JSON without line breaks
 * @param lastKey the greatest key the page covers, whether an entry is there or not; the page covers every key after the last page's up to it. Ignored
 *     on the last page, which covers all keys to the end
 * @param last whether no page follows
 * @param position offset of the last source record that the page's state has seen, -1 for none
 * @param cursor what {@link SnapshotPager#next} takes for the page after this, null on the last page
 * @param wholeTo of a log: source offset up to which this page and those before it have every change of the partition; -1 for none
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
public record SnapshotPage(
        byte[] json,
        byte[] lastKey,
        boolean last,
        long position,
        @Nullable Object cursor,
        long wholeTo) {

    /** A page of a state that changes. */
    public SnapshotPage(byte[] json, byte[] lastKey, boolean last, long position, @Nullable Object cursor) {
        this(json, lastKey, last, position, cursor, -1);
    }
}
