package io.forebay.keys.query;

import io.forebay.keys.state.KeyReader;
import io.forebay.keys.state.KeyScan;
import io.forebay.keys.state.StoredKey;
import io.forebay.routing.ScanQuery;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the keys of one partition that a match meets; a list starts no lifetime anew. A page ends early, with fewer entries, when their values are many
 * bytes or when many entries in a row do not match.
 *
 * @param match in its text form, with the namespace as its first part
 * @param after canonical path to start after, which need not exist; null to start at the beginning
 * @param limit entries at the most, positive
 */
public record MatchKeys(String match, @Nullable String after, int limit) implements ScanQuery<KeyPage> {

    /** Store reads after which a page ends even if it is not full: some tens of milliseconds. */
    private static final long READS_PER_PAGE = 50_000;

    /** Bytes of values after which an answer ends: what a few answers at once may hold in memory. */
    static final long BYTES_PER_PAGE = 4 * 1024 * 1024;

    @Override
    public KeyPage evaluate(StoreView view) {
        List<KeyEntry> entries = new ArrayList<>(Math.min(limit, 1_000));
        KeyReader reader = KeyReader.of(view);
        long readsBefore = view.entriesRead();
        long bytes = 0;
        try (KeyScan scan = KeyScan.of(view, PathMatch.parse(match), after == null ? null : Path.parse(after))) {
            while (scan.next()) {
                if (scan.matches()) {
                    Path key = scan.path();
                    StoredKey record = reader.visible(key, scan.record());
                    if (record != null) {
                        entries.add(new KeyEntry(
                                key.toString(),
                                record.value(),
                                record.contentType(),
                                record.version(),
                                KeyFound.expiresAt(record)));
                        bytes += record.value().length;
                    }
                }
                if (entries.size() == limit
                        || bytes >= BYTES_PER_PAGE
                        || view.entriesRead() - readsBefore >= READS_PER_PAGE) {
                    return new KeyPage(entries, scan.path().toString());
                }
            }
        }
        return new KeyPage(entries, null);
    }
}
