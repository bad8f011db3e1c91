package io.forebay.sync.row;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a record: its row, or for a time that it was deleted. Its ref is the offset at which the store has it.
 *
 * @param keptUntil log time until which a deletion has to be known, in milliseconds since the epoch; {@link Long#MAX_VALUE} of a
 *     row
 * @param place where its last change stands in the log of its source; null where that is not known
 * @param row the text of its JSON object in UTF-8; null once it was deleted
 */
@SuppressWarnings("ArrayRecordComponent") // on its way between store and decision; nothing compares it
public record StoredRow(long keptUntil, @Nullable LogPlace place, byte @Nullable [] row) {

    private static final byte FORMAT = 1;

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    /** A row. */
    public static StoredRow of(JsonObject row, @Nullable LogPlace place) {
        return new StoredRow(Long.MAX_VALUE, place, row.bytes());
    }

    /** A deletion. */
    public static StoredRow deleted(long keptUntil, @Nullable LogPlace place) {
        return new StoredRow(keptUntil, place, null);
    }

    /** Whether it was deleted. */
    public boolean isDeleted() {
        return row == null;
    }

    /** The row; null once it was deleted. */
    public @Nullable JsonObject json() {
        return row == null ? null : JsonObject.parse(row, LIMITS);
    }

    /** As it is stored: the time until which it is kept comes right after the format. */
    public byte[] encode() {
        int length = row == null ? 0 : row.length;
        ByteBuffer buffer = ByteBuffer.allocate(2 + Long.BYTES + LogPlace.size(place) + length);
        buffer.put(FORMAT).putLong(keptUntil).put((byte) (row == null ? 1 : 0));
        LogPlace.put(buffer, place);
        if (row != null) {
            buffer.put(row);
        }
        return buffer.array();
    }

    /** Reads what {@link #encode} wrote. */
    public static StoredRow decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        checkFormat(buffer.get(), FORMAT);
        long keptUntil = buffer.getLong();
        boolean deleted = buffer.get() == 1;
        LogPlace place = LogPlace.take(buffer);
        if (deleted) {
            return deleted(keptUntil, place);
        }
        byte[] row = new byte[buffer.remaining()];
        buffer.get(row);
        return new StoredRow(keptUntil, place, row);
    }

    /** The time until which something is kept, as it is stored. */
    public static long keptUntil(byte[] encoded) {
        return ByteBuffer.wrap(encoded).getLong(1);
    }

    static void checkFormat(byte format, byte known) {
        if (format != known) {
            throw new IllegalStateException("row format " + format + " is newer than this version");
        }
    }
}
