package io.forebay.sync.row;

import io.forebay.schemas.avro.RowSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A place in the log of a source. Places of different sources do not compare.
 *
 * @param source name of the source
 * @param position in its log
 * @param index among the changes at that position
 */
public record LogPlace(String source, long position, int index) {

    private static final int NONE = -1;

    /** The place that a change tells; null where it tells none. */
    public static @Nullable LogPlace of(@Nullable RowSource source) {
        return source == null ? null : new LogPlace(source.getName(), source.getPosition(), source.getIndex());
    }

    /** As records tell it; null where there is none. */
    public static @Nullable RowSource toSource(@Nullable LogPlace place) {
        return place == null ? null : new RowSource(place.source(), place.position(), place.index());
    }

    /** Whether both are places of one source. */
    public boolean compares(@Nullable LogPlace other) {
        return other != null && source.equals(other.source);
    }

    /** Whether this is of the same source as another place, and not behind it. */
    public boolean isUpTo(@Nullable LogPlace other) {
        return other != null
                && compares(other)
                && (position < other.position || (position == other.position && index <= other.index));
    }

    /** How many bytes {@link #put} writes. */
    static int size(@Nullable LogPlace place) {
        return place == null ? Integer.BYTES : 2 * Integer.BYTES + Long.BYTES + place.nameBytes().length;
    }

    static void put(ByteBuffer to, @Nullable LogPlace place) {
        if (place == null) {
            to.putInt(NONE);
            return;
        }
        byte[] name = place.nameBytes();
        to.putInt(name.length).put(name).putLong(place.position).putInt(place.index);
    }

    static @Nullable LogPlace take(ByteBuffer from) {
        int length = from.getInt();
        if (length == NONE) {
            return null;
        }
        byte[] name = new byte[length];
        from.get(name);
        return new LogPlace(new String(name, StandardCharsets.UTF_8), from.getLong(), from.getInt());
    }

    private byte[] nameBytes() {
        return source.getBytes(StandardCharsets.UTF_8);
    }
}
