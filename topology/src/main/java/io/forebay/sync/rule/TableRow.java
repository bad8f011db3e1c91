package io.forebay.sync.rule;

import io.forebay.schemas.json.JsonObject;

/**
 * A row of a table for all who may or may not see it: what rules look at is made once, and so is the row without what is hidden. Safe
 * for use by many threads.
 */
public final class TableRow {

    private final TableRules rules;
    private final JsonObject open;
    private final JsonMap allValues;
    private final JsonMap openValues;

    TableRow(TableRules rules, JsonObject row) {
        this.rules = rules;
        this.open = row.only(column -> !rules.hidden().contains(column));
        this.allValues = new JsonMap(row);
        this.openValues = rules.hidden().isEmpty() ? allValues : new JsonMap(open);
    }

    /** Name of its table. */
    public String table() {
        return rules.table();
    }

    TableRules rules() {
        return rules;
    }

    /** The row without what is hidden. */
    JsonObject open() {
        return open;
    }

    /** All of it, for the server's rules. */
    JsonMap allValues() {
        return allValues;
    }

    /** Without what is hidden, for rules of subscriptions. */
    JsonMap openValues() {
        return openValues;
    }
}
