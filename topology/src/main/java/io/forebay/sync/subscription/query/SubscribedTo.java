package io.forebay.sync.subscription.query;

import io.forebay.records.value.Shape;
import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.subscription.state.Member;
import io.forebay.sync.subscription.state.Node;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Reason;
import io.forebay.sync.subscription.state.ShapeText;
import io.forebay.sync.subscription.state.Subscribed;
import io.forebay.sync.subscription.state.SubscriberReader;
import io.forebay.sync.subscription.state.SubscriberTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a subscriber is subscribed to: what he asked for, and what follows from it.
 *
 * @param subscriber by name
 * @param after what must have arrived of what subscribers asked for: number of the record by the partition that sent it
 * @param limit how many at most
 */
public record SubscribedTo(String subscriber, Map<Integer, Long> after, int limit)
        implements StoreQuery<SubscribedTo.Found> {

    /**
     * What was found.
     *
     * @param behind whether what must have arrived has not; there is nothing else then
     * @param subscriptions in the order of places
     * @param complete whether that is all
     */
    public record Found(boolean behind, List<Subscription> subscriptions, boolean complete) {}

    @Override
    public Found evaluate(StoreView view) {
        if (Channels.isBehind(after, Channels.arrived(Stage.SUBSCRIPTIONS, view))) {
            return new Found(true, List.of(), false);
        }
        SubscriberReader reader = new SubscriberReader(view);
        Map<Subscription, Shape> found = new LinkedHashMap<>();
        Map<NodeKey, Node> nodes = new LinkedHashMap<>();
        reader.nodes(subscriber, placed -> {
            nodes.put(placed.key(), placed.node());
            placed.node().parts().values().forEach(part -> collect(placed.key(), part, found));
            return found.size() <= limit;
        });
        if (found.size() <= limit) {
            reader.members(subscriber, at -> {
                Node node = nodes.get(at.node());
                if (node != null) {
                    collect(at, node.part(at.permit()), found);
                }
                return found.size() <= limit;
            });
        }
        List<Subscription> subscriptions = new ArrayList<>();
        found.forEach((subscription, shape) -> subscriptions.add(subscription.with(ShapeText.of(shape))));
        boolean complete = subscriptions.size() <= limit;
        return new Found(false, complete ? subscriptions : subscriptions.subList(0, limit), complete);
    }

    private static void collect(NodeKey key, Node.Part part, Map<Subscription, Shape> found) {
        for (Subscribed subscribed : part.subscriptions().values()) {
            if (!subscribed.isOfRows()) {
                add(found, Subscription.of(subscribed), ShapeText.parse(subscribed.shape()));
            }
        }
        if (key.kind() != PlaceKind.column) {
            return;
        }
        for (Node.Demand demand : part.demands()) {
            Shape shape = ShapeText.parse(demand.reason().shape());
            for (RowEvent event : RowEvent.values()) {
                if (demand.reason().kind() == Reason.Kind.JOIN
                        || (demand.reason().kind() == Reason.Kind.TARGET && event == RowEvent.INSERTED)) {
                    add(found, Subscription.ofColumns(Path.parse(key.place()), event), shape);
                }
            }
        }
    }

    private static void collect(SubscriberTable.At at, Node.Part part, Map<Subscription, Shape> found) {
        if (!part.follows(at.node(), at.member())) {
            return;
        }
        Shape shape = shape(at.member(), part);
        Path record = Path.parse(at.record());
        add(found, Subscription.ofRecord(record, RowEvent.UPDATED), shape);
        add(found, Subscription.ofRecord(record, RowEvent.DELETED), shape);
    }

    /** What is followed below a member. Of rows that tie others that is what is below those. */
    static Shape shape(Member member, Node.Part part) {
        Shape shape = Shape.BARE;
        for (Node.Demand demand : part.demands()) {
            if (member.reasons().contains(demand.id()) && demand.reason().kind() != Reason.Kind.JOIN) {
                shape = shape.merge(ShapeText.parse(demand.reason().shape()));
            }
        }
        return shape;
    }

    private static void add(Map<Subscription, Shape> found, Subscription subscription, Shape shape) {
        // What was asked for and what follows from it is one subscription, the one that was asked for.
        Subscription other = subscription.withFollowed(!subscription.followed());
        if (found.containsKey(other)) {
            if (subscription.followed()) {
                found.merge(other, shape, Shape::merge);
                return;
            }
            found.merge(subscription, Objects.requireNonNull(found.remove(other)), Shape::merge);
        }
        found.merge(subscription, shape, Shape::merge);
    }
}
