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
    private final @Nullable Renewals renewals;
    private final long now;

    private KeyReader(StoreView view, List<Deletion> deletions) {
        this.view = view;
        this.deletions = deletions;
        this.renewals = view.attachment(Renewals.class);
        this.now = view.now();
    }

    /** A reader of one snapshot, at the time that it is read. */
    public static KeyReader of(StoreView view) {
        return new KeyReader(view, deletions(view));
    }

    /** Reads one key's record, which starts a sliding lifetime anew; null when there is none. */
    public @Nullable StoredKey read(Path key) {
        StoredKey stored = stored(KeyBytes.of(key));
        StoredKey record = stored == null ? null : visible(key, stored);
        boolean renews = record != null && record.sliding();
        return renews && renewals != null && stored != null ? renewals.read(key, stored, now) : record;
    }

    /** A record as it is seen, which starts nothing anew; null when it is not. */
    public @Nullable StoredKey visible(Path key, StoredKey record) {
        StoredKey renewed = renewals == null || !record.sliding() ? record : renewals.renewed(key, record);
        boolean hidden = renewed.isExpired(now) || deletions.stream().anyMatch(deletion -> deletion.hides(key, record));
        return hidden ? null : renewed;
    }

    private @Nullable StoredKey stored(byte[] storeKey) {
        Stored stored = view.get(storeKey);
        return stored == null ? null : StoredKey.decode(stored.payload());
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
                count += visible(scan.path(), scan.record()) == null ? 0 : 1;
            }
        }
        return count;
    }

    private long due(String namespace) {
        byte[] counter = KeyBytes.countOf(namespace);
        long due = 0;
        long end = StoredKey.after(now, StoredKey.SLIDING_GRACE_MS + 1);
        try (Scan scan = view.scanIndex(KeyBytes.dueFrom(0), KeyBytes.dueFrom(end))) {
            while (scan.next()) {
                if (KeyBytes.dueIsOf(scan.key(), counter)) {
                    byte[] key = KeyBytes.dueKey(scan.key());
                    StoredKey record = stored(key);
                    due += record == null || visible(KeyBytes.path(key), record) == null ? 1 : 0;
                }
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
