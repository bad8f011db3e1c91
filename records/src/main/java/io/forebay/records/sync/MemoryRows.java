package io.forebay.records.sync;

import io.forebay.records.model.Model;
import io.forebay.records.value.KeyText;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, found by record and by the keys of the model's associations. Every row is held once, with a reference to it for each
 * association key of its table; a lookup costs what it finds. Not safe for use by several threads.
 */
public final class MemoryRows implements Rows {

    private final Model model;
    private final Map<String, Map<RecordId, Row>> tables = new HashMap<>();
    private final Map<Lookup, Map<RecordId, Row>> found = new HashMap<>();

    /** No rows. */
    public MemoryRows(Model model) {
        this.model = model;
    }

    @Override
    public @Nullable Row find(RecordId record) {
        return tables.getOrDefault(record.table(), Map.of()).get(record);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the columns are no association key of the table
     */
    @Override
    public List<Row> find(Lookup lookup) {
        if (!model.associationKeys(lookup.table()).contains(lookup.columns())) {
            throw new IllegalArgumentException("rows of " + lookup.table() + " are not found by " + lookup.columns()
                    + ": no association has them");
        }
        return new ArrayList<>(found.getOrDefault(lookup, Map.of()).values());
    }

    /** All rows of a table. A view. */
    public Collection<Row> all(String table) {
        return Collections.unmodifiableCollection(
                tables.getOrDefault(table, Map.of()).values());
    }

    /**
     * Loads what is declared, of the rows that are there.
     *
     * @param maxRows how many rows it may take, each counted as often as it is come by; at least 1
     * @throws LoadLimitException when it would take too many
     */
    public Value load(Declared declared, int maxRows) {
        Loader loader = new Loader(model, this, maxRows);
        if (declared instanceof Declared.One one) {
            Value.Loaded loaded = loader.load(one.record(), one.shape());
            return loaded == null ? Value.NOTHING : loaded;
        }
        Declared.Many many = (Declared.Many) declared;
        List<Value.Loaded> loaded = all(many.table()).stream()
                .filter(row -> many.where().hold(row.columns()))
                .sorted(new RowOrder(model.require(many.table()), many.order()))
                .map(row -> loader.load(row, many.shape()))
                .toList();
        return loaded.isEmpty() ? Value.Items.NONE : new Value.Items(loaded);
    }

    /** How many rows there are. */
    public int size() {
        return tables.values().stream().mapToInt(Map::size).sum();
    }

    /** Puts a row in the place of what its record had. */
    public void put(Row row) {
        Row before = tables.computeIfAbsent(row.table(), table -> new LinkedHashMap<>())
                .put(row.id(), row);
        for (List<String> columns : model.associationKeys(row.table())) {
            List<String> was = before == null ? null : KeyText.of(before.columns(), columns);
            List<String> is = KeyText.of(row.columns(), columns);
            if (was != null && !was.equals(is)) {
                unlink(new Lookup(row.table(), columns, was), row.id());
            }
            if (is != null) {
                found.computeIfAbsent(new Lookup(row.table(), columns, is), lookup -> new LinkedHashMap<>())
                        .put(row.id(), row);
            }
        }
    }

    /** Removes a record, if it is there. */
    public void remove(RecordId record) {
        Row before = tables.getOrDefault(record.table(), new HashMap<>()).remove(record);
        if (before == null) {
            return;
        }
        for (List<String> columns : model.associationKeys(record.table())) {
            List<String> was = KeyText.of(before.columns(), columns);
            if (was != null) {
                unlink(new Lookup(record.table(), columns, was), record);
            }
        }
    }

    private void unlink(Lookup lookup, RecordId record) {
        Map<RecordId, Row> rows = found.get(lookup);
        if (rows != null && rows.remove(record) != null && rows.isEmpty()) {
            found.remove(lookup);
        }
    }

    /** Does what a change tells. */
    public void apply(Change change) {
        Row after = change.after();
        RecordId record = change.record();
        if (after != null) {
            put(after);
        } else if (record != null) {
            remove(record);
        } else {
            tables.remove(change.table());
            found.keySet().removeIf(lookup -> lookup.table().equals(change.table()));
        }
    }
}
