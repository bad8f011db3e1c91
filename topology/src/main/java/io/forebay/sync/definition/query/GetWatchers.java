package io.forebay.sync.definition.query;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.definition.state.DefinedWatchers;
import org.jspecify.annotations.Nullable;

/**
 * The watchers as a partition knows them.
 *
 * @param known version that the asker has; their list is not told again
 */
public record GetWatchers(long known) implements StoreQuery<GetWatchers.Found> {

    /** Version of the watchers that there are before any are defined. */
    public static final long NONE = -1;

    @Override
    public Found evaluate(StoreView view) {
        DefinedWatchers defined = DefinedWatchers.of(view);
        if (defined == null) {
            return new Found(NONE, null);
        }
        return new Found(defined.version(), defined.version() == known ? null : defined.list());
    }

    /**
     * What was found.
     *
     * @param version of the definition
     * @param list the text of a JSON array of watchers; null where the asker has it, or none are defined
     */
    public record Found(long version, @Nullable String list) {}
}
