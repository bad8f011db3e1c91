package io.forebay.sync.subscription.query;

import io.forebay.records.model.Model;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.subscription.state.Node;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Reason;
import io.forebay.sync.subscription.state.ShapeText;
import io.forebay.sync.subscription.state.Subscribed;
import io.forebay.sync.subscription.state.SubscribedRows;
import io.forebay.sync.subscription.state.SubscriberReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to an identifier, because he subscribed to it or because it follows from what he subscribed to.
 *
 * @param place where it is heard of
 * @param kind of the place
 * @param identifier the identifier, by the key that it has in the store
 * @param event of its watcher; null where the watcher has a label: then nothing follows from others
 * @param arrived what must have arrived of what subscribers asked for: number of the record by the partition that sent it
 * @param after the subscriber to go on behind; null: from the first
 * @param limit how many at most
 */
public record ListeningTo(
        String place,
        PlaceKind kind,
        String identifier,
        @Nullable RowEvent event,
        Map<Integer, Long> arrived,
        @Nullable String after,
        int limit)
        implements StoreQuery<ListeningTo.Found> {

    /**
     * A subscriber.
     *
     * @param subscriber by name
     * @param assocs what he follows below, as JSON
     */
    public record Listener(String subscriber, String assocs) {}

    /**
     * Who was found.
     *
     * @param behind whether what must have arrived has not; there is nobody else then
     * @param listeners in order
     * @param complete whether there are no more
     */
    public record Found(boolean behind, List<Listener> listeners, boolean complete) {}

    private static final Comparator<String> ORDER =
            Comparator.comparing(subscriber -> Path.of(subscriber).toString());

    /** Who listens to an identifier. */
    public static ListeningTo of(
            WatchedRows rows, Model model, Map<Integer, Long> arrived, @Nullable String after, int limit) {
        Subscribed wanted = SubscribedRows.of(rows);
        NodeKey place = SubscribedRows.place(wanted, model);
        return new ListeningTo(
                place.place(),
                place.kind(),
                SubscribedRows.key(wanted),
                wanted.label() == null ? wanted.event() : null,
                arrived,
                after,
                limit);
    }

    @Override
    public Found evaluate(StoreView view) {
        if (Channels.isBehind(arrived, Channels.arrived(Stage.SUBSCRIPTIONS, view))) {
            return new Found(true, List.of(), false);
        }
        SubscriberReader reader = new SubscriberReader(view);
        Map<String, Shape> found = new TreeMap<>(ORDER);
        NodeKey at = new NodeKey(kind, place);
        reader.followers(at, after, follower -> {
            for (Node.Part part : follower.node().parts().values()) {
                Shape shape = shape(part);
                if (shape != null && !IdentifierPath.isOfStream(follower.subscriber())) {
                    found.merge(follower.subscriber(), shape, Shape::merge);
                }
            }
            return found.size() <= limit;
        });
        if (kind == PlaceKind.record && event != null && event != RowEvent.INSERTED) {
            Map<String, Shape> keepers = new TreeMap<>(ORDER);
            reader.keepers(place, after, keeper -> {
                Node node = reader.node(keeper.subscriber(), keeper.at());
                if (node != null
                        && !IdentifierPath.isOfStream(keeper.subscriber())
                        && node.part(keeper.permit()).follows(keeper.at(), keeper.member())) {
                    Shape shape = SubscribedTo.shape(keeper.member(), node.part(keeper.permit()));
                    keepers.merge(keeper.subscriber(), shape, Shape::merge);
                }
                return keepers.size() <= limit;
            });
            keepers.forEach((subscriber, shape) -> found.merge(subscriber, shape, Shape::merge));
        }
        List<Listener> listeners = new ArrayList<>();
        found.forEach((subscriber, shape) -> listeners.add(new Listener(subscriber, ShapeText.of(shape))));
        boolean complete = listeners.size() <= limit;
        return new Found(false, complete ? listeners : listeners.subList(0, limit), complete);
    }

    /** With what it is listened to under a permit; null where it is not. */
    private @Nullable Shape shape(Node.Part part) {
        Subscribed subscribed = part.subscriptions().get(identifier);
        Shape shape = subscribed == null ? null : ShapeText.parse(subscribed.shape());
        if (kind != PlaceKind.column || event == null) {
            return shape;
        }
        for (Node.Demand demand : part.demands()) {
            boolean follows = demand.reason().kind() == Reason.Kind.JOIN
                    || (demand.reason().kind() == Reason.Kind.TARGET && event == RowEvent.INSERTED);
            if (follows) {
                Shape below = ShapeText.parse(demand.reason().shape());
                shape = shape == null ? below : shape.merge(below);
            }
        }
        return shape;
    }
}
