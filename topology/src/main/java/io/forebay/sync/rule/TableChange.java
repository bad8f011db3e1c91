package io.forebay.sync.rule;

import org.jspecify.annotations.Nullable;

/**
 * A change of a row, for all whom it concerns. Which rows there are, and what is known of them, follows from the occasion: one that is
 * inserted or read has no old row, one that is deleted has no other.
 *
 * @param old the row before; null where there was none, or it is not known
 * @param row the row after; null where it was deleted
 */
public record TableChange(
        TableRules rules,
        Occasion occasion,
        @Nullable TableRow old,
        @Nullable TableRow row) {

    public TableChange {
        boolean removes = occasion == Occasion.DELETED;
        boolean hasBefore = removes || occasion == Occasion.UPDATED;
        if (removes != (row == null) || (old != null && !hasBefore)) {
            throw new IllegalArgumentException("rows that do not go with " + occasion.text());
        }
    }
}
