package io.forebay.sync.change.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.RowReader;
import java.util.Map;

/** How many changes went from this partition to each of places; those that got none are absent. */
public record SentCounts() implements StoreQuery<SentCounts.Sent> {

    @Override
    public Sent evaluate(StoreView view) {
        return new Sent(new RowReader(view).sent());
    }

    /**
     * What was sent.
     *
     * @param numbers the number of the last change by partition of places
     */
    public record Sent(Map<Integer, Long> numbers) {}
}
