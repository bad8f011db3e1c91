package io.forebay.sync.row;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * That the rows of a table went, all of them at once. Rows that it took stay in their store until they are swept, and nobody
 * reads them.
 *
 * @param ref offset of the truncation on the partition of row changes whose rows it took
 * @param place where it stands in the log of its source; null where that is not known
 * @param keptUntil log time until which it has to be known, in milliseconds since the epoch
 * @param swept whether no row that it took is left
 */
public record Truncation(long ref, @Nullable LogPlace place, long keptUntil, boolean swept) {

    private static final byte FORMAT = 1;

    /**
     * Whether it took a row. Where both are of one source that source's order says so, whichever came in first; else the order
     * in which they came in.
     *
     * @param rowRef ref of the row
     * @param rowPlace where the row's change stands in the log of its source
     */
    public boolean took(long rowRef, @Nullable LogPlace rowPlace) {
        return (rowPlace != null && rowPlace.compares(place)) ? rowPlace.isUpTo(place) : rowRef < ref;
    }

    /** The same, after the last row that it took was swept. */
    public Truncation asSwept() {
        return new Truncation(ref, place, keptUntil, true);
    }

    /** As it is stored: the time until which it is kept comes right after the format. */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(2 + 2 * Long.BYTES + LogPlace.size(place));
        buffer.put(FORMAT).putLong(keptUntil).putLong(ref).put((byte) (swept ? 1 : 0));
        LogPlace.put(buffer, place);
        return buffer.array();
    }

    /** Reads what {@link #encode} wrote. */
    public static Truncation decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        StoredRow.checkFormat(buffer.get(), FORMAT);
        long keptUntil = buffer.getLong();
        long ref = buffer.getLong();
        boolean swept = buffer.get() == 1;
        return new Truncation(ref, LogPlace.take(buffer), keptUntil, swept);
    }
}
