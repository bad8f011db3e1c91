package io.forebay.sync.channel.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Deferred;
import io.forebay.sync.channel.Stage;
import java.util.List;
import java.util.Map;

/**
 * How many records went from this partition to each of another stage, once what it was sent has arrived.
 *
 * @param to the other stage
 * @param after what must have arrived before
 */
public record SentCounts(Stage to, List<Arrival> after) implements StoreQuery<SentCounts.Sent> {

    /**
     * What must have arrived from a stage.
     *
     * @param numbers number of the record that must have arrived, by the partition that sent it
     */
    public record Arrival(Stage from, Map<Integer, Long> numbers) {}

    /** At any rate. */
    public SentCounts(Stage to) {
        this(to, List.of());
    }

    @Override
    public Sent evaluate(StoreView view) {
        for (Arrival arrival : after) {
            if (Channels.isBehind(arrival.numbers(), Channels.arrived(arrival.from(), view))) {
                return new Sent(true, Map.of(), 0, 0);
            }
        }
        return new Sent(false, Channels.sent(to, view), view.position(), Deferred.since(view));
    }

    /**
     * What was sent.
     *
     * @param behind whether what must have arrived has not; there is nothing else then
     * @param numbers the number of the last record by partition of the other stage; those that got none are absent
     * @param position offset of the last record that this partition has decided
     * @param deferredSince offset of the record whose work was put off the longest, {@link Long#MAX_VALUE} where none is: all that
     *     came of a record is among what was sent when this is greater than the record's offset
     */
    public record Sent(boolean behind, Map<Integer, Long> numbers, long position, long deferredSince) {}
}
