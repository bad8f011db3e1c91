package io.forebay.sync.definition.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.definition.state.DefinitionKeys;
import java.util.Map;

/** How many commands went from this partition to each of subscribers; those that got none are absent. */
public record SentCommands() implements StoreQuery<SentCommands.Sent> {

    @Override
    public Sent evaluate(StoreView view) {
        return new Sent(DefinitionKeys.SENT.all(view));
    }

    /**
     * What was sent.
     *
     * @param numbers the number of the last command by partition of subscribers
     */
    public record Sent(Map<Integer, Long> numbers) {}
}
