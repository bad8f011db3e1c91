package io.forebay.sync.subscription.state;

/**
 * Why rows of a place are followed, and what is followed below them. The same association with the same shape below it is the same reason,
 * whatever the record that it starts from.
 *
 * @param kind what sort of reason
 * @param table the table that has the association; of a subscription the table of the place
 * @param association its name; empty for a subscription; of rows the conditions that they meet, as JSON
 * @param shape associations that are followed below, in the form of {@link ShapeText}
 * @param fromNow whether only rows that enter are followed, not those that are there
 */
public record Reason(Kind kind, String table, String association, String shape, boolean fromNow) {

    /** Sorts of reasons. */
    public enum Kind {
        /** It was subscribed to. */
        SUBSCRIBED,
        /** The rows themselves were asked for, whatever watchers there are. */
        ROWS,
        /** An association leads to the rows. */
        TARGET,
        /** The rows tie records, and lead to those that an association is about. */
        JOIN
    }

    /** Whether a record that is followed for it is only heard of by the events that were subscribed to. */
    boolean isOfEventsOnly() {
        return kind == Kind.SUBSCRIBED && shape.equals(ShapeText.BARE);
    }

    /** Whether the model says which rows are followed for it, or where they lead to. */
    boolean dependsOnModel() {
        return kind != Kind.SUBSCRIBED || !shape.equals(ShapeText.BARE);
    }

    void write(CellWriter to) {
        to.text(kind.name()).text(table).text(association).text(shape).flag(fromNow);
    }

    static Reason read(CellReader from) {
        return new Reason(Kind.valueOf(from.text()), from.text(), from.text(), from.text(), from.flag());
    }
}
