package io.forebay.sync.association.state;

import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys of the store of places. Each starts with a tag. A copy's key is its place and behind it the row's primary key: how many
 * values a place has follows from the columns that it names, so no place is the beginning of another.
 */
final class PlaceKeys {

    static final byte COPY = 0x10;
    static final byte TRUNCATION = 0x11;
    static final byte ARRIVED = 0x12;

    private PlaceKeys() {}

    static byte[] copiesAt(Path place) {
        return tagged(COPY, (place + "/").getBytes(StandardCharsets.UTF_8));
    }

    static byte[] copy(Path place, Path record) {
        Path key = Path.of(record.parts().subList(1, record.size()));
        return tagged(COPY, (place + "/" + key).getBytes(StandardCharsets.UTF_8));
    }

    static byte[] copiesOf(String table) {
        return tagged(COPY, start(table));
    }

    static byte[] truncation(String table, String source, int partition) {
        return tagged(
                TRUNCATION, Path.of(table, source, Integer.toString(partition)).toBytes());
    }

    static byte[] truncationsOf(String table) {
        return tagged(TRUNCATION, start(table));
    }

    /** Table, source and partition of a truncation's key. */
    static Path truncated(byte[] truncationKey) {
        return Path.parse(new String(truncationKey, 1, truncationKey.length - 1, StandardCharsets.UTF_8));
    }

    static byte[] arrived(int partition) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(ARRIVED)
                .putInt(partition)
                .array();
    }

    static int partitionOf(byte[] arrivedKey) {
        return ByteBuffer.wrap(arrivedKey).getInt(1);
    }

    static byte[] space(byte tag) {
        return new byte[] {tag};
    }

    private static byte[] start(String table) {
        return (Path.of(table) + "/").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tagged(byte tag, byte[] rest) {
        return ByteBuffer.allocate(1 + rest.length).put(tag).put(rest).array();
    }
}
