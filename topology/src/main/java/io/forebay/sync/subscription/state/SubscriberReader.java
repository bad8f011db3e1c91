package io.forebay.sync.subscription.state;

import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the subscribers of a partition. */
public final class SubscriberReader {

    private final StoreView view;

    /** Reads a view. */
    public SubscriberReader(StoreView view) {
        this.view = view;
    }

    /** A subscriber at a place. */
    public record Follower(String subscriber, Node node) {}

    /** A subscriber who follows a record at a place. */
    public record Keeper(String subscriber, NodeKey at, String permit, Member member) {}

    /**
     * Shows the places that a subscriber follows.
     *
     * @param each shown one, tells whether to go on
     */
    public void nodes(String name, Predicate<SubscriberTable.Placed> each) {
        try (Scan scan = view.scanPrefix(SubscriberKeys.nodesOf(Path.of(name).toString()))) {
            while (scan.next()) {
                SubscriberKeys.Parts parts = new SubscriberKeys.Parts(scan.key());
                parts.text();
                if (!each.test(new SubscriberTable.Placed(parts.node(), Node.decode(scan.value())))) {
                    return;
                }
            }
        }
    }

    /**
     * Shows the records that a subscriber follows, once for each place.
     *
     * @param each shown one, tells whether to go on
     */
    public void members(String name, Predicate<SubscriberTable.At> each) {
        try (Scan scan = view.scanPrefix(SubscriberKeys.membersOf(Path.of(name).toString()))) {
            while (scan.next()) {
                SubscriberKeys.Parts parts = new SubscriberKeys.Parts(scan.key());
                parts.text();
                SubscriberTable.At at =
                        new SubscriberTable.At(parts.node(), parts.text(), parts.text(), Member.decode(scan.value()));
                if (!each.test(at)) {
                    return;
                }
            }
        }
    }

    /** What there is at a place of a subscriber; null where he does not follow it. */
    public @Nullable Node node(String name, NodeKey key) {
        Stored stored = view.get(SubscriberKeys.node(Path.of(name).toString(), key));
        return stored == null ? null : Node.decode(stored.payload());
    }

    /**
     * Shows who follows a place, in the order of subscribers.
     *
     * @param after the subscriber to go on behind; null: from the first
     * @param each shown one, tells whether to go on
     */
    public void followers(NodeKey place, @Nullable String after, Predicate<Follower> each) {
        try (Scan scan = view.scanIndexPrefix(SubscriberKeys.at(place))) {
            if (after != null) {
                scan.seek(SubscriberKeys.at(place, Path.of(after).toString()));
            }
            while (scan.next()) {
                SubscriberKeys.Parts parts = new SubscriberKeys.Parts(scan.key());
                parts.node();
                String name = Path.parse(parts.text()).part(0);
                Node node = name.equals(after) ? null : node(name, place);
                if (node != null && !each.test(new Follower(name, node))) {
                    return;
                }
            }
        }
    }

    /**
     * Shows who follows a record, once for each place, in the order of subscribers.
     *
     * @param record its canonical path
     * @param after the subscriber to go on behind; null: from the first
     * @param each shown one, tells whether to go on
     */
    public void keepers(String record, @Nullable String after, Predicate<Keeper> each) {
        try (Scan scan = view.scanIndexPrefix(SubscriberKeys.of(record))) {
            if (after != null) {
                scan.seek(SubscriberKeys.ofBehind(record, Path.of(after).toString()));
            }
            while (scan.next()) {
                SubscriberKeys.Parts parts = new SubscriberKeys.Parts(scan.key());
                parts.text();
                String subscriber = parts.text();
                NodeKey at = parts.node();
                String permit = parts.text();
                Stored stored = view.get(SubscriberKeys.member(subscriber, at, permit, record));
                if (stored != null
                        && !each.test(new Keeper(
                                Path.parse(subscriber).part(0), at, permit, Member.decode(stored.payload())))) {
                    return;
                }
            }
        }
    }
}
