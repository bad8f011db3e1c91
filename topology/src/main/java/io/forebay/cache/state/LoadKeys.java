package io.forebay.cache.state;

import io.forebay.command.CommandKeys;
import io.forebay.keys.state.KeyBytes;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;

/**
 * Key spaces of the caches in the store of keys, beyond those of the keys themselves.
 *
 * <ul>
 *   <li>{@code L path}: a lease
 *   <li>{@code I offset index}: an invalidation that loads under way have to be told of
 *   <li>{@code M namespace}: how many entries a cache may have
 * </ul>
 */
final class LoadKeys {

    /** Keys have the tags below. */
    private static final byte LEASE = CommandKeys.FIRST_FEATURE_TAG + 0x10;

    private static final byte INVALIDATION = LEASE + 1;
    private static final byte LIMIT = LEASE + 2;

    private LoadKeys() {}

    static byte[] lease(Path key) {
        byte[] bytes = KeyBytes.of(key);
        bytes[0] = LEASE;
        return bytes;
    }

    static byte[] leases() {
        return new byte[] {LEASE};
    }

    static Path leased(byte[] key) {
        return KeyBytes.path(key);
    }

    static byte[] invalidation(long offset, int index) {
        return ByteBuffer.allocate(13)
                .put(INVALIDATION)
                .putLong(offset)
                .putInt(index)
                .array();
    }

    static byte[] invalidations() {
        return new byte[] {INVALIDATION};
    }

    static long invalidationOffset(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    static int invalidationIndex(byte[] key) {
        return ByteBuffer.wrap(key).getInt(9);
    }

    static byte[] limit(String namespace) {
        byte[] bytes = KeyBytes.of(Path.of(namespace));
        bytes[0] = LIMIT;
        return bytes;
    }

    static byte[] limits() {
        return new byte[] {LIMIT};
    }

    static String limited(byte[] key) {
        return KeyBytes.path(key).part(0);
    }
}
