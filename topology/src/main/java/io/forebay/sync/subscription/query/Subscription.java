package io.forebay.sync.subscription.query;

import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.sync.subscription.state.ShapeText;
import io.forebay.sync.subscription.state.Subscribed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that one is subscribed to.
 *
 * @param table of the rows
 * @param event what happens to them
 * @param label of the watcher; null where it has none
 * @param scope which rows
 * @param columns of the values; of a record none
 * @param values each the text of one JSON value. Of what is followed, texts that are how a whole number is written are that number
 * @param assocs what is followed below, as JSON
 * @param followed whether nobody asked for it, but it follows from what was asked for
 */
public record Subscription(
        String table,
        RowEvent event,
        @Nullable String label,
        WatchedScope scope,
        List<String> columns,
        List<String> values,
        String assocs,
        boolean followed) {

    private static final int MOST_DIGITS = 18;

    public Subscription {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    static Subscription of(Subscribed subscribed) {
        return new Subscription(
                subscribed.table(),
                subscribed.event(),
                subscribed.label(),
                subscribed.scope(),
                subscribed.columns(),
                subscribed.values(),
                ShapeText.BARE,
                false);
    }

    static Subscription ofRecord(Path record, RowEvent event) {
        return followed(record, event, WatchedScope.record, List.of(), 1);
    }

    static Subscription ofColumns(Path place, RowEvent event) {
        return followed(
                place, event, WatchedScope.column, Path.parse(place.part(1)).parts(), 2);
    }

    private static Subscription followed(
            Path path, RowEvent event, WatchedScope scope, List<String> columns, int from) {
        List<String> values = path.parts().subList(from, path.size()).stream()
                .map(Subscription::value)
                .toList();
        return new Subscription(path.part(0), event, null, scope, columns, values, ShapeText.BARE, true);
    }

    private static String value(String text) {
        boolean isNumber = text.length() <= MOST_DIGITS && text.matches("0|-?[1-9][0-9]*");
        return isNumber ? text : JsonValue.ofText(text).raw();
    }

    Subscription with(String shape) {
        return new Subscription(table, event, label, scope, columns, values, shape, followed);
    }

    Subscription withFollowed(boolean follows) {
        return new Subscription(table, event, label, scope, columns, values, assocs, follows);
    }
}
