package io.forebay.records.model;

import io.forebay.schemas.json.JsonObject;
import java.util.List;

/**
 * In what order rows are, by columns: by the first, where that is equal by the second, and so on. Nulls are last when
 * ascending and first when descending, as PostgreSQL has it; a column that is absent is null. Values are ordered by {@link ColumnOrder}.
 *
 * @param terms columns to order by; none when no order is declared
 */
public record Ordering(List<Term> terms) {

    /** None is declared. */
    public static final Ordering NONE = new Ordering(List.of());

    public Ordering {
        terms = List.copyOf(terms);
    }

    /** One column to order by. */
    public record Term(String column, boolean descending) {}

    /** Whether an order is declared. */
    public boolean isDeclared() {
        return !terms.isEmpty();
    }

    /** Which of two rows is first: below 0 the first, above 0 the second, 0 for rows that the columns do not tell apart. */
    public int compare(JsonObject one, JsonObject other) {
        for (Term term : terms) {
            int order = ColumnOrder.compare(one.member(term.column()), other.member(term.column()));
            if (order != 0) {
                return term.descending() ? -order : order;
            }
        }
        return 0;
    }
}
