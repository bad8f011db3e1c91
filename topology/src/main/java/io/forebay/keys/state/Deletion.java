package io.forebay.keys.state;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A deletion by match that took effect at one input record and is carried out bit by bit: a match can meet more keys than
 * one record may take the time to remove. What it meets and was stored before it is invisible at once; a command that
 * touches such a key has the deletion carried out on it first, so that changes are told in the order they happened.
 *
 * @param commit source offset at which it took effect
 * @param logTime log time then: what had expired by then was not deleted
 * @param match what it meets
 * @param tag which of these it concerns: those that have the tag; null for all
 * @param after path up to which it is carried out; null at the beginning
 */
record Deletion(
        long commit,
        long logTime,
        PathMatch match,
        @Nullable String tag,
        @Nullable Path after) {

    private static final int BEGUN = 1;
    private static final int TAGGED = 2;

    /** Whether it hides a record. */
    boolean hides(Path key, StoredKey record) {
        return record.version() < commit
                && match.matches(key)
                && (tag == null || record.tags().contains(tag));
    }

    byte[] key() {
        return KeyBytes.deletion(commit);
    }

    byte[] encode() {
        byte[] matchBytes = match.toString().getBytes(StandardCharsets.UTF_8);
        byte[] tagBytes = tag == null ? new byte[0] : tag.getBytes(StandardCharsets.UTF_8);
        byte[] afterBytes = after == null ? new byte[0] : after.toBytes();
        return ByteBuffer.allocate(8 + 1 + 4 + matchBytes.length + 4 + tagBytes.length + afterBytes.length)
                .putLong(logTime)
                .put((byte) ((after == null ? 0 : BEGUN) | (tag == null ? 0 : TAGGED)))
                .putInt(matchBytes.length)
                .put(matchBytes)
                .putInt(tagBytes.length)
                .put(tagBytes)
                .put(afterBytes)
                .array();
    }

    static Deletion decode(byte[] key, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long logTime = buffer.getLong();
        int flags = buffer.get();
        byte[] match = new byte[buffer.getInt()];
        buffer.get(match);
        byte[] tag = new byte[buffer.getInt()];
        buffer.get(tag);
        byte[] after = new byte[buffer.remaining()];
        buffer.get(after);
        return new Deletion(
                KeyBytes.deletionOffset(key),
                logTime,
                PathMatch.parse(new String(match, StandardCharsets.UTF_8)),
                (flags & TAGGED) == 0 ? null : new String(tag, StandardCharsets.UTF_8),
                (flags & BEGUN) == 0 ? null : Path.parse(after));
    }

    Deletion carriedOutUpTo(Path path) {
        return new Deletion(commit, logTime, match, tag, path);
    }
}
