package io.forebay.sync.subscription;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.subscription.state.Permit;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Denies rows by the value of their column v: a permit's rule names the values, and its columns say that column w is left out. */
final class DenyingViewer implements Viewer {

    private final Set<String> denied = new TreeSet<>();
    private final boolean narrows;

    DenyingViewer(Permit permit) {
        String rule = permit.rule();
        if (rule != null) {
            denied.addAll(Arrays.asList(rule.split(",", -1)));
        }
        narrows = permit.columns() != null;
    }

    boolean allows(JsonObject row) {
        JsonValue value = row.member("v");
        return value == null || !value.isString() || !denied.contains(value.asText());
    }

    boolean narrows() {
        return narrows;
    }

    private @Nullable JsonObject seen(@Nullable JsonObject row) {
        if (row == null || !allows(row)) {
            return null;
        }
        return narrows && row.has("w") ? row.without("w") : row;
    }

    @Override
    public Seen see(Delivered delivered) {
        Seen all = Viewer.OF_EVERYTHING.see(delivered);
        JsonObject old = seen(all.old());
        JsonObject row = seen(all.row());
        if (row == null) {
            return old == null ? Seen.NOTHING : new Seen(old, null, Seen.Kind.DELETED);
        }
        boolean isNew = all.kind() == Seen.Kind.INSERTED || (all.old() != null && old == null);
        return new Seen(old, row, isNew ? Seen.Kind.INSERTED : Seen.Kind.UPDATED);
    }
}
