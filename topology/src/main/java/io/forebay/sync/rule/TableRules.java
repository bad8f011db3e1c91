package io.forebay.sync.rule;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one table.
 *
 * @param visible which rows may be seen; null where no rule says so
 * @param open whether rows may be seen where no rule says so
 * @param hidden columns that nobody gets
 * @param placing columns that everybody gets who gets the row, since a value cannot be kept without them
 */
record TableRules(String table, @Nullable Rule visible, boolean open, Set<String> hidden, Set<String> placing) {

    TableRules {
        hidden = Collections.unmodifiableSet(new LinkedHashSet<>(hidden));
        placing = Collections.unmodifiableSet(new LinkedHashSet<>(placing));
    }

    /** Whether rows may be seen by everybody. */
    boolean allowAll() {
        return visible == null && open;
    }
}
