package io.forebay.keys.state;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that a match meets, in path order, whether they have expired or not.
 *
 * <p>A skip scan: at an entry that does not match it seeks to the next place where something could, past everything below
 * a path that is too deep, past the siblings before the literal part wanted, past the rest of a subtree after it. So a
 * match costs what it returns and one seek for each distinct value that its wildcards run through, not what the namespace
 * holds.
 *
 * <p>It moves entry by entry, those that do not match included, so that whoever scans can stop anywhere.
 */
public final class KeyScan implements AutoCloseable {

    /** The bytes of each part of the match; null for any. */
    private final List<byte @Nullable []> parts;

    private final boolean rest;
    private final Scan scan;
    private byte @Nullable [] seek;
    private byte[] key = {};
    private boolean matches;

    private KeyScan(Scan scan, List<byte @Nullable []> parts, boolean rest, byte @Nullable [] start) {
        this.scan = scan;
        this.parts = parts;
        this.rest = rest;
        this.seek = start;
    }

    /**
     * Starts a scan.
     *
     * @param match with the namespace as its first part
     * @param after path to start after, which need not exist; null to start at the beginning
     */
    public static KeyScan of(StoreView view, PathMatch match, @Nullable Path after) {
        byte[] from = KeyBytes.of(match.literalPrefix());
        byte[] to = KeyBytes.afterSubtree(from, from.length);
        byte @Nullable [] start = null;
        if (after != null) {
            byte[] next = KeyBytes.next(KeyBytes.of(after));
            start = Arrays.compareUnsigned(next, from) > 0 ? next : null;
        }
        List<byte @Nullable []> parts = new ArrayList<>();
        for (String element : match.elements()) {
            parts.add(element == null ? null : KeyBytes.part(element));
        }
        return new KeyScan(view.scan(from, to), parts, match.hasRest(), start);
    }

    /** Moves to the next entry, which may not match; false at the end. */
    public boolean next() {
        if (seek != null) {
            scan.seek(seek);
            seek = null;
        }
        if (!scan.next()) {
            return false;
        }
        key = scan.key();
        matches = compare();
        return true;
    }

    /** Whether the match meets the current entry. */
    public boolean matches() {
        return matches;
    }

    /** The store's key of the current entry. */
    public byte[] key() {
        return key;
    }

    /** The path of the current entry. */
    public Path path() {
        return KeyBytes.path(key);
    }

    /** The record of the current entry. */
    public StoredKey record() {
        return StoredKey.decode(scan.value());
    }

    @Override
    public void close() {
        scan.close();
    }

    /** Compares the current key with the match; where it does not match, decides where to go on. */
    private boolean compare() {
        int from = 1;
        int wildcardEnd = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (from == key.length) {
                seekLiterals(from, i);
                return false;
            }
            int end = KeyBytes.partEnd(key, from);
            byte[] part = parts.get(i);
            if (part == null) {
                wildcardEnd = end;
            } else {
                int order = Arrays.compareUnsigned(key, from, end, part, 0, part.length);
                if (order < 0) {
                    seekLiterals(from, i);
                    return false;
                } else if (order > 0) {
                    // Without a wildcard before it the range of the scan has ended.
                    seek = KeyBytes.afterSubtree(key, wildcardEnd < 0 ? 1 : wildcardEnd);
                    return false;
                }
            }
            from = end;
        }
        if (from < key.length && !rest) {
            seek = KeyBytes.afterSubtree(key, from);
            return false;
        }
        return true;
    }

    /** Goes on at the literal parts from an index of the match on, below the first bytes of the current key. */
    private void seekLiterals(int length, int index) {
        if (index == parts.size() || parts.get(index) == null) {
            return;
        }
        ByteArrayOutputStream target = new ByteArrayOutputStream(length + 32);
        target.write(key, 0, length);
        for (int i = index; i < parts.size(); i++) {
            byte[] part = parts.get(i);
            if (part == null) {
                break;
            }
            target.writeBytes(part);
        }
        seek = target.toByteArray();
    }
}
