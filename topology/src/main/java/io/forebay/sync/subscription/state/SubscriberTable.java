package io.forebay.sync.subscription.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept of one subscriber, and for all of them. */
public final class SubscriberTable {

    private static final List<PlaceKind> KINDS = List.of(PlaceKind.record, PlaceKind.column, PlaceKind.table);

    private final Cells cells;
    private final String subscriber;

    /** Of a subscriber, by his name. */
    public SubscriberTable(Cells cells, String name) {
        this.cells = cells;
        this.subscriber = Path.of(name).toString();
    }

    /**
     * A member and where it is one.
     *
     * @param node the place
     * @param permit under which it is followed
     * @param record its canonical path
     */
    public record At(NodeKey node, String permit, String record, Member member) {}

    /** A node and its place. */
    public record Placed(NodeKey key, Node node) {}

    /** What there is at a place; null where it is not followed. */
    public @Nullable Node node(NodeKey key) {
        byte[] value = cells.get(SubscriberKeys.node(subscriber, key));
        return value == null ? null : Node.decode(value);
    }

    /** Stores what there is at a place. */
    public void put(NodeKey key, Node node) {
        cells.put(SubscriberKeys.node(subscriber, key), node.encode());
    }

    /** Forgets a place. */
    public void delete(NodeKey key) {
        cells.delete(SubscriberKeys.node(subscriber, key));
    }

    /** All places that are followed. */
    public List<Placed> nodes() {
        List<Placed> nodes = new ArrayList<>();
        for (Cells.Cell cell : cells.startingWith(SubscriberKeys.nodesOf(subscriber))) {
            SubscriberKeys.Parts parts = new SubscriberKeys.Parts(cell.key());
            parts.text();
            nodes.add(new Placed(parts.node(), Node.decode(cell.value())));
        }
        return nodes;
    }

    /** A record at a place; null where it is not followed there. */
    public @Nullable Member member(NodeKey node, String permit, String record) {
        byte[] value = cells.get(SubscriberKeys.member(subscriber, node, permit, record));
        return value == null ? null : Member.decode(value);
    }

    /** Stores a record at a place; null: it is not followed there any more. */
    public void put(NodeKey node, String permit, String record, @Nullable Member member) {
        byte[] key = SubscriberKeys.member(subscriber, node, permit, record);
        if (member == null) {
            cells.delete(key);
        } else {
            cells.put(key, member.encode());
        }
    }

    /** All records at a place. */
    public List<At> members(NodeKey node, String permit) {
        return members(SubscriberKeys.members(subscriber, node, permit));
    }

    /** All records that are followed, once for each place. */
    public List<At> members() {
        return members(SubscriberKeys.membersOf(subscriber));
    }

    /** All records of a table, once for each place. */
    public List<At> membersOf(String table) {
        List<At> members = new ArrayList<>();
        KINDS.forEach(kind -> members.addAll(members(SubscriberKeys.membersOf(subscriber, kind, table))));
        return members;
    }

    private List<At> members(byte[] start) {
        List<At> members = new ArrayList<>();
        for (Cells.Cell cell : cells.startingWith(start)) {
            SubscriberKeys.Parts parts = new SubscriberKeys.Parts(cell.key());
            parts.text();
            members.add(new At(parts.node(), parts.text(), parts.text(), Member.decode(cell.value())));
        }
        return members;
    }

    /** What he knows of a record. */
    public Known known(String record) {
        byte[] value = cells.get(SubscriberKeys.known(subscriber, record));
        return value == null ? Known.NOTHING : Known.decode(value);
    }

    /** Stores what he knows of a record; of one that he follows nowhere it is forgotten. */
    public void put(String record, Known known) {
        byte[] key = SubscriberKeys.known(subscriber, record);
        if (known.memberships() == 0) {
            cells.delete(key);
        } else {
            cells.put(key, known.encode());
        }
    }

    /** What there is once. */
    public Head head() {
        byte[] value = cells.get(SubscriberKeys.head(subscriber));
        return value == null ? Head.NOBODY : Head.decode(value);
    }

    /** Stores what there is once. */
    public void put(Head head) {
        byte[] key = SubscriberKeys.head(subscriber);
        if (head.equals(Head.NOBODY)) {
            cells.delete(key);
        } else {
            cells.put(key, head.encode());
        }
    }

    /** A permit of his. */
    public @Nullable Permit permit(String id) {
        byte[] value = cells.get(SubscriberKeys.permit(subscriber, id));
        return value == null ? null : Permit.decode(value);
    }

    /** Counts a permit's subscriptions. */
    public void count(Permit permit, int more) {
        byte[] key = SubscriberKeys.permit(subscriber, permit.id());
        byte[] value = cells.get(key);
        int count = (value == null ? 0 : Permit.subscriptions(value)) + more;
        if (count == 0) {
            cells.delete(key);
        } else {
            cells.put(key, permit.encode(count));
        }
    }

    /** The truncation of a table on a partition of row changes that he was told last; -1 for none. */
    public long toldTruncated(String table, int partition) {
        byte[] value = cells.get(SubscriberKeys.toldTruncated(subscriber, table, partition));
        return value == null ? -1 : new CellReader(value).number();
    }

    /** Stores which truncation he was told. */
    public void putToldTruncated(String table, int partition, long ref) {
        cells.put(
                SubscriberKeys.toldTruncated(subscriber, table, partition),
                new CellWriter().number(ref).toBytes());
    }

    /** Forgets him. */
    public void forget() {
        for (byte[] start : List.of(
                SubscriberKeys.nodesOf(subscriber),
                SubscriberKeys.membersOf(subscriber),
                SubscriberKeys.knownOf(subscriber),
                SubscriberKeys.permitsOf(subscriber),
                SubscriberKeys.toldTruncatedOf(subscriber))) {
            cells.startingWith(start).forEach(cell -> cells.delete(cell.key()));
        }
        cells.delete(SubscriberKeys.head(subscriber));
    }
}
