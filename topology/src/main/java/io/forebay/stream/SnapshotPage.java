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
 * @param lastSource of a log: source offset of the last change on the page; -1 on the last page, which has whatever its position has
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
public record SnapshotPage(
        byte[] json,
        byte[] lastKey,
        boolean last,
        long position,
        @Nullable Object cursor,
        long lastSource) {

    /** A page of a state that changes. */
    public SnapshotPage(byte[] json, byte[] lastKey, boolean last, long position, @Nullable Object cursor) {
        this(json, lastKey, last, position, cursor, -1);
    }
}
