package io.forebay.sync.http;

import io.forebay.http.Claims;
import io.forebay.records.value.Row;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.Occasion;
import io.forebay.sync.rule.Seen;
import io.forebay.sync.rule.Sight;
import org.jspecify.annotations.Nullable;

/** The rows that who asks may see, with the columns that he gets. Everything that a call reads goes through here before it is used. */
final class VisibleRows {

    private final AccessRules rules;
    private final Sight sight;

    private VisibleRows(AccessRules rules, Sight sight) {
        this.rules = rules;
        this.sight = sight;
    }

    /** What may be seen by these claims. */
    static VisibleRows to(Claims claims, AccessRules rules) {
        return new VisibleRows(rules, ClaimsJson.sight(claims, rules));
    }

    /** A row as he gets it; null when he may not see it. */
    @Nullable
    Row show(Row row) {
        JsonObject columns = show(row.table(), row.columns());
        return columns == null ? null : new Row(row.id(), columns);
    }

    /** The columns of a row as he gets it; null when he may not see it. */
    @Nullable
    JsonObject show(String table, JsonObject row) {
        return sight.show(rules.row(table, row));
    }

    /** Whether he may know of a record of which there is no row to tell by. */
    boolean mayKnowOfDeleted(String table) {
        return !(sight.of(rules.change(table, Occasion.DELETED, null, null)) instanceof Seen.Nothing);
    }
}
