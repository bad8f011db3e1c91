package io.forebay.sync.change.state;

import io.forebay.command.Decision;
import io.forebay.records.model.Table;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.sync.model.KnownModel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model that a partition of row changes follows, in memory besides, and the primary keys of tables that it had once and of which rows
 * are left: a model that has the table again has to know its rows by the same columns.
 */
public final class ModelTable {

    private final KnownModel file;
    private final Map<String, List<String>> formerKeys = new HashMap<>();
    private KnownModel known;

    /**
     * @param file what is followed before any was declared
     */
    public ModelTable(KnownModel file) {
        this.file = file;
        this.known = file;
    }

    /** Loads it. */
    public void open(StoreView view) {
        KnownModel stored = KnownModel.of(view.get(RowKeys.space(RowKeys.MODEL)));
        known = stored == null ? file : stored;
        formerKeys.clear();
        try (Scan scan = view.scanPrefix(RowKeys.space(RowKeys.FORMER_KEY))) {
            while (scan.next()) {
                String columns = new String(scan.value(), StandardCharsets.UTF_8);
                formerKeys.put(RowKeys.tableOf(scan.key()), Path.parse(columns).parts());
            }
        }
    }

    /** The model that is followed. */
    public KnownModel known() {
        return known;
    }

    /** Follows a model. */
    public void put(KnownModel model, Decision decision) {
        decision.put(RowKeys.space(RowKeys.MODEL), model.encode());
        known = model;
    }

    /** The columns that stored rows of a table are known by; null where there never was the table. */
    public @Nullable List<String> primaryKey(String table) {
        Table there = known.model().table(table);
        return there == null ? formerKeys.get(table) : there.primaryKey();
    }

    /** Notes by which columns the rows of a table are known that goes. */
    public void putFormerKey(String table, List<String> primaryKey, Decision decision) {
        decision.put(RowKeys.formerKey(table), Path.of(primaryKey).toBytes());
        formerKeys.put(table, primaryKey);
    }

    /** Forgets that a table was gone. */
    public void removeFormerKey(String table, Decision decision) {
        if (formerKeys.remove(table) != null) {
            decision.delete(RowKeys.formerKey(table));
        }
    }

    /** The model that was declared last to this partition as the one that takes declarations; null where none was. */
    public @Nullable KnownModel declared(Decision decision) {
        return KnownModel.of(decision.get(RowKeys.space(RowKeys.DECLARED)));
    }

    /** Notes it. */
    public void putDeclared(KnownModel model, Decision decision) {
        decision.put(RowKeys.space(RowKeys.DECLARED), model.encode());
    }
}
