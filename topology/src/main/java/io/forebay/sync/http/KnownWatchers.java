package io.forebay.sync.http;

import io.forebay.records.model.Model;
import io.forebay.records.watch.Watchers;
import io.forebay.routing.Answer;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.sync.definition.WatcherDefinitions;
import io.forebay.sync.definition.query.GetWatchers;
import io.forebay.sync.identifier.IdentifierPath;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The watchers of the partition that decides about them, asked for anew each time and read anew when there are others. */
public final class KnownWatchers implements WatcherSource {

    private static final long UNREAD = Long.MIN_VALUE;

    private final Router router;
    private final StoreRef definitions;
    private final Model model;
    private final Function<Model, Watchers> before;
    private volatile Known known;

    private record Known(long version, Watchers watchers) {}

    /**
     * @param definitions the store of definitions
     * @param before the watchers that there are before any were defined, by the model
     */
    public KnownWatchers(Router router, StoreRef definitions, Model model, Function<Model, Watchers> before) {
        this.router = router;
        this.definitions = definitions;
        this.model = model;
        this.before = before;
        this.known = new Known(UNREAD, before.apply(model));
    }

    @Override
    public CompletionStage<Watchers> watchers(ReadOptions options) {
        int partition = definitions.source().partitionFor(IdentifierPath.WATCHERS);
        return router.ask(definitions, partition, new GetWatchers(known.version()), options)
                .thenApply(this::read);
    }

    private Watchers read(Answer<GetWatchers.Found> answer) {
        Known last = known;
        GetWatchers.Found found = answer.value();
        String list = found.list();
        if (list != null) {
            Known now = new Known(found.version(), WatcherDefinitions.known(model, list));
            known = now;
            return now.watchers();
        }
        return found.version() == GetWatchers.NONE ? before.apply(model) : last.watchers();
    }
}
