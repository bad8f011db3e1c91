package io.forebay.sync.change.state;

import io.forebay.schemas.path.Path;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a partition, less what truncations took. */
public final class RowReader {

    private final StoreView view;
    private final Map<String, Truncations> truncations = new HashMap<>();

    /** Reads a view. */
    public RowReader(StoreView view) {
        this.view = view;
    }

    /** What is known of a record. */
    public RecordState find(Path record) {
        return truncations
                .computeIfAbsent(record.part(0), table -> Truncations.of(table, view))
                .state(view.get(RowKeys.row(record)));
    }

    /**
     * A change and its ref.
     *
     * @param change the change that has the id
     * @param ref its ref
     */
    public record Found(KnownChange change, long ref) {}

    /** The change that has an id; null where none is known. */
    public @Nullable Found change(String id) {
        Stored stored = view.get(RowKeys.change(id));
        KnownChange change = stored == null ? null : KnownChange.decode(stored.payload());
        return stored == null || change == null || change.keptUntil() <= view.now()
                ? null
                : new Found(change, stored.offset());
    }

    /** The ref of the last change of a record that somebody made; -1 where none is known. */
    public long ownRef(Path record, String by) {
        Stored stored = view.get(RowKeys.own(record, by));
        return stored == null || OwnChange.keptUntil(stored.payload()) <= view.now() ? -1 : stored.offset();
    }
}
