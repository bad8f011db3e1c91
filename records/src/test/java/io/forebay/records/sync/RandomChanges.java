package io.forebay.records.sync;

import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A database whose rows come, change and go at random. Keys are few, so that they meet; a foreign key may lead nowhere, or be null. */
public final class RandomChanges {

    private static final String[] TEXTS = {"\"a\"", "\"b\"", "\"c\"", "null"};

    private final Random random;
    private final Model model;
    private final List<Table> tables;
    private final Map<RecordId, Long> refs = new HashMap<>();
    private final MemoryRows rows;
    private long truncations;

    /** Rows of a model. */
    public RandomChanges(Random random, Model model) {
        this.random = random;
        this.model = model;
        this.tables = List.copyOf(model.tables().values());
        this.rows = new MemoryRows(model);
        for (int i = random.nextInt(12 * tables.size()); i > 0; i--) {
            rows.put(row(tables.get(random.nextInt(tables.size()))));
        }
    }

    /** The rows as they are. */
    public MemoryRows rows() {
        return rows;
    }

    /** The same rows in a database of their own. */
    public MemoryRows copy() {
        MemoryRows copy = new MemoryRows(model);
        tables.forEach(table -> rows.all(table.name()).forEach(copy::put));
        return copy;
    }

    /** Something happens, and is done. */
    public Change next() {
        Change change = draw();
        rows.apply(change);
        return change;
    }

    private Change draw() {
        Table table = tables.get(random.nextInt(tables.size()));
        if (random.nextInt(60) == 0) {
            return Change.truncated(table.name(), ++truncations);
        }
        List<Row> there = new ArrayList<>(rows.all(table.name()));
        Row row = row(table);
        if (!there.isEmpty() && random.nextInt(3) > 0) {
            Row before = there.get(random.nextInt(there.size()));
            boolean isKnown = random.nextInt(4) > 0;
            long ref = refs.merge(before.id(), 1L, Long::sum);
            return random.nextInt(3) == 0
                    ? Change.deleted(before.id(), isKnown ? before : null, ref)
                    : Change.updated(isKnown ? before : null, updated(table, before, row), ref);
        }
        Row before = rows.find(row.id());
        long ref = refs.merge(row.id(), 1L, Long::sum);
        return before == null ? Change.inserted(row, ref) : Change.updated(before, row, ref);
    }

    /** The row before with some columns as in another. */
    private Row updated(Table table, Row before, Row other) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String column : table.columns()) {
            boolean keeps = table.primaryKey().contains(column) || random.nextInt(3) > 0;
            values.put(column, (keeps ? before : other).column(column).raw());
        }
        return row(table, values);
    }

    private Row row(Table table) {
        Map<String, String> values = new LinkedHashMap<>();
        int keys = table.primaryKey().size() == 1 ? 5 : 2;
        for (String column : table.columns()) {
            if (table.primaryKey().contains(column)) {
                values.put(column, Integer.toString(random.nextInt(keys)));
            } else if (column.equals("v")) {
                values.put(column, TEXTS[random.nextInt(TEXTS.length)]);
            } else if (column.equals("w")) {
                values.put(column, random.nextInt(5) == 0 ? "null" : Integer.toString(random.nextInt(3)));
            } else {
                values.put(column, foreignKey());
            }
        }
        return row(table, values);
    }

    private String foreignKey() {
        int value = random.nextInt(4);
        return switch (random.nextInt(10)) {
            case 0, 1 -> "null";
            case 2 -> "\"" + value + "\"";
            case 3 -> value + ".0";
            default -> Integer.toString(value);
        };
    }

    private static Row row(Table table, Map<String, String> values) {
        StringBuilder json = new StringBuilder("{");
        values.forEach((column, value) -> json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(column)
                .append("\":")
                .append(value));
        JsonObject columns = JsonObject.parse(json.append('}').toString());
        return new Row(Objects.requireNonNull(RecordId.of(table, columns)), columns);
    }
}
