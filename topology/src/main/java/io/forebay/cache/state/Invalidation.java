package io.forebay.cache.state;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An invalidation while loads are under way that began before it.
 *
 * @param offset of its command
 * @param index among those of the same command
 * @param until log time from which on none of these loads has its lease any more
 * @param match the keys it concerns
 * @param tag which of these: those filled with the tag; null for all
 */
record Invalidation(
        long offset,
        int index,
        long until,
        PathMatch match,
        @Nullable String tag) {

    static final Comparator<Invalidation> BY_END = Comparator.comparingLong(Invalidation::until)
            .thenComparingLong(Invalidation::offset)
            .thenComparingInt(Invalidation::index);

    /** Whether what was loaded under a lease may be older than this. */
    boolean concerns(Path key, long lease, Collection<String> tags) {
        return lease < offset && match.matches(key) && (tag == null || tags.contains(tag));
    }

    byte[] key() {
        return LoadKeys.invalidation(offset, index);
    }

    byte[] encode() {
        byte[] matchBytes = match.toString().getBytes(StandardCharsets.UTF_8);
        byte[] tagBytes = tag == null ? new byte[0] : tag.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + 1 + 4 + matchBytes.length + tagBytes.length)
                .putLong(until)
                .put((byte) (tag == null ? 0 : 1))
                .putInt(matchBytes.length)
                .put(matchBytes)
                .put(tagBytes)
                .array();
    }

    static Invalidation decode(byte[] key, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long until = buffer.getLong();
        boolean tagged = buffer.get() == 1;
        byte[] match = new byte[buffer.getInt()];
        buffer.get(match);
        byte[] tag = new byte[buffer.remaining()];
        buffer.get(tag);
        return new Invalidation(
                LoadKeys.invalidationOffset(key),
                LoadKeys.invalidationIndex(key),
                until,
                PathMatch.parse(new String(match, StandardCharsets.UTF_8)),
                tagged ? new String(tag, StandardCharsets.UTF_8) : null);
    }
}
