package io.forebay.keys.state;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys from one state of the store as everybody sees them: nothing that has passed its time, removed or not, and
 * nothing that a deletion hides.
 */
public final class KeyReader {

    private final StoreView view;
    private final List<Deletion> deletions;
    private final long now;

    private KeyReader(StoreView view, List<Deletion> deletions, long now) {
        this.view = view;
        this.deletions = deletions;
        this.now = now;
    }

    /** A reader of one snapshot, at the time that it is read. */
    public static KeyReader of(StoreView view) {
        return new KeyReader(view, deletions(view), view.now());
    }

    /** One key's record, or null. */
    public @Nullable StoredKey get(Path key) {
        Stored stored = view.get(KeyBytes.of(key));
        if (stored == null) {
            return null;
        }
        StoredKey record = StoredKey.decode(stored.payload());
        return isVisible(key, record) ? record : null;
    }

    /** Whether a record can be seen. */
    public boolean isVisible(Path key, StoredKey record) {
        return !record.isExpired(now) && deletions.stream().noneMatch(deletion -> deletion.hides(key, record));
    }

    /** Number of keys of a namespace: counted by the store, but for those that are not removed yet. */
    public long count(String namespace) {
        if (deletions.isEmpty()) {
            return view.count(KeyBytes.countOf(namespace)) - due(namespace);
        }
        long count = 0;
        PathMatch all = PathMatch.below(Path.of(namespace));
        try (KeyScan scan = KeyScan.of(view, all, null)) {
            while (scan.next()) {
                count += isVisible(scan.path(), scan.record()) ? 1 : 0;
            }
        }
        return count;
    }

    private long due(String namespace) {
        byte[] counter = KeyBytes.countOf(namespace);
        long due = 0;
        try (Scan scan = view.scanIndex(KeyBytes.dueFrom(0), KeyBytes.dueFrom(StoredKey.after(now, 1)))) {
            while (scan.next()) {
                due += KeyBytes.dueIsOf(scan.key(), counter) ? 1 : 0;
            }
        }
        return due;
    }

    static List<Deletion> deletions(StoreView view) {
        if (view.count(KeyBytes.deletions()) == 0) {
            return List.of();
        }
        List<Deletion> deletions = new ArrayList<>();
        try (Scan scan = view.scanPrefix(KeyBytes.deletions())) {
            while (scan.next()) {
                deletions.add(Deletion.decode(scan.key(), scan.value()));
            }
        }
        return deletions;
    }
}
