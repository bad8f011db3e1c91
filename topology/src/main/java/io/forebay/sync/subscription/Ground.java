package io.forebay.sync.subscription;

import io.forebay.records.model.Model;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.IdentifierJson;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.WatcherName;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.Places;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Permit;
import io.forebay.sync.subscription.state.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is the same for all subscribers of a partition: the model, the watchers, and what is made of reasons and permits, which many of
 * them have in common. Of one thread.
 */
final class Ground {

    private static final int KEPT = 10_000;

    private final Function<Permit, Viewer> viewers;
    private final Map<Reason, Way> ways = new Latest<>();
    private final Map<String, Viewer> seen = new Latest<>();
    private Model model;
    private Watchers watchers;
    private Set<String> columns;

    /**
     * @param viewers what is to be seen under a permit
     */
    Ground(Model model, Function<Permit, Viewer> viewers) {
        this.model = model;
        this.viewers = viewers;
        this.watchers = Watchers.everyTable(model);
        this.columns = Places.columnsOf(model);
    }

    Model model() {
        return model;
    }

    /** Another model is followed, with the watchers that there are under it. */
    void follow(Model other, Watchers others) {
        model = other;
        watchers = others;
        columns = Places.columnsOf(other);
        ways.clear();
    }

    /** Whether rows are at a place by the model, if there are any. */
    boolean hasRows(NodeKey node) {
        return node.kind() != PlaceKind.column
                || columns.contains(Places.columnsOf(Path.parse(node.place())).toString());
    }

    Watchers watchers() {
        return watchers;
    }

    void define(Watchers others) {
        watchers = others;
    }

    Way way(Reason reason) {
        Way way = ways.get(reason);
        if (way == null) {
            way = Way.of(reason, model);
            ways.put(reason, way);
        }
        return way;
    }

    /** What is to be seen under a permit, which is looked up where that was not asked lately. */
    Viewer viewer(String permit, Supplier<Permit> lookup) {
        Viewer viewer = seen.get(permit);
        if (viewer == null) {
            viewer = viewers.apply(lookup.get());
            seen.put(permit, viewer);
        }
        return viewer;
    }

    /** The watcher of a table's events by which what is followed is told. */
    WatcherName watcher(String table, RowEvent event) {
        return watchers.named(table, event);
    }

    /** An identifier as JSON. */
    String json(Identifier identifier) {
        return IdentifierJson.write(identifier, Shape.BARE).text();
    }

    /** A map that keeps what was used last. */
    private static final class Latest<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        Latest() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > KEPT;
        }
    }
}
