package io.forebay.sync.subscription.state;

import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.WatchedScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscription, as it was made.
 *
 * @param table of the rows
 * @param event what happens to them
 * @param label of the watcher; null where it has none
 * @param scope which rows
 * @param columns of the values
 * @param values each the text of one JSON value
 * @param shape associations that are followed below, in the form of {@link ShapeText}
 * @param snapshot whether rows that are there are told first
 * @param follow whether what enters is followed
 * @param leaseMs for how long it lives without being renewed; negative: until it is ended
 * @param since log time at which it was made or renewed itself
 * @param where of one that is to rows whatever watchers there are: conditions that they meet, as JSON; null of one that goes by a watcher
 */
public record Subscribed(
        String table,
        RowEvent event,
        @Nullable String label,
        WatchedScope scope,
        List<String> columns,
        List<String> values,
        String shape,
        boolean snapshot,
        boolean follow,
        long leaseMs,
        long since,
        @Nullable String where) {

    public Subscribed {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    /** The same with another shape. */
    public Subscribed withShape(String other) {
        return new Subscribed(
                table, event, label, scope, columns, values, other, snapshot, follow, leaseMs, since, where);
    }

    /** Whether it is to rows themselves, and lasts while they come and go. */
    public boolean isOfRows() {
        return where != null;
    }

    /** When it ends unless it is renewed, by log time; {@link Long#MAX_VALUE} for never. */
    public long endsAt(long renewedAt) {
        return leaseMs < 0 ? Long.MAX_VALUE : Math.max(since, renewedAt) + leaseMs;
    }

    void write(CellWriter to) {
        to.text(table).text(event.name()).optional(label).text(scope.name());
        texts(columns, to);
        texts(values, to);
        to.text(shape).flag(snapshot).flag(follow).number(leaseMs).number(since).optional(where);
    }

    static Subscribed read(CellReader from) {
        return new Subscribed(
                from.text(),
                RowEvent.valueOf(from.text()),
                from.optional(),
                WatchedScope.valueOf(from.text()),
                texts(from),
                texts(from),
                from.text(),
                from.flag(),
                from.flag(),
                from.number(),
                from.number(),
                from.optional());
    }

    private static void texts(List<String> texts, CellWriter to) {
        to.number(texts.size());
        texts.forEach(to::text);
    }

    private static List<String> texts(CellReader from) {
        List<String> texts = new ArrayList<>();
        for (long i = from.number(); i > 0; i--) {
            texts.add(from.text());
        }
        return texts;
    }
}
