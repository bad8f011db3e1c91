package io.forebay.sync.subscription;

import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.Truncation;
import io.forebay.sync.subscription.Viewer.Seen;
import io.forebay.sync.subscription.state.Head;
import io.forebay.sync.subscription.state.Known;
import io.forebay.sync.subscription.state.Link;
import io.forebay.sync.subscription.state.Member;
import io.forebay.sync.subscription.state.Node;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Permit;
import io.forebay.sync.subscription.state.Reason;
import io.forebay.sync.subscription.state.ShapeText;
import io.forebay.sync.subscription.state.Subscribed;
import io.forebay.sync.subscription.state.SubscribedRows;
import io.forebay.sync.subscription.state.SubscriberTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber follows, while one thing about it is decided.
 *
 * <p><b>What is followed.</b> Places, each for reasons: subscriptions to it, and rows of other places that lead to it. A row that is at a place, is to be
 * seen, and meets the conditions of one of the reasons there, is a member: the subscriber is told of it, and it leads on to the places of what
 * the shape of that reason has below it. Reasons are counted, and each member holds those that it gave, so what follows from a row ends
 * when the row does, and only then. Shapes are finite and what follows has less of it left, so rows that lead in circles keep nothing alive.
 *
 * <p><b>Which requests count.</b> A place that is followed for one more reason is asked again for its rows, so that they lead on for this one. What
 * replaced a request at the place took over from it without a gap, so all requests since the place is followed count the same; what an
 * earlier one found, before the place was let go, does not.
 *
 * <p><b>Order.</b> First all that begins, then what ends, and what ends because of that: nothing is let go only to be asked for again.
 */
final class Following {

    private static final Told NOTHING_MORE =
            new Told(ToldOperation.caught_up, "", null, null, -1, false, false, List.of(), Told.Cause.NONE);

    private final Ground ground;
    private final SubscriberTable table;
    private final String subscriber;
    private final long request;
    private final long now;
    private final Outbox outbox;

    private final Map<NodeKey, Opened> nodes = new LinkedHashMap<>();
    private final Map<String, Known> before = new HashMap<>();
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Deque<Gone> gone = new ArrayDeque<>();
    private final Set<String> spoken = new HashSet<>();
    private @Nullable Head head;
    private boolean answered;

    /**
     * @param request what interests that begin now are told with: greater than that of any earlier decision
     * @param now log time
     */
    Following(Ground ground, SubscriberTable table, String subscriber, long request, long now, Outbox outbox) {
        this.ground = ground;
        this.table = table;
        this.subscriber = subscriber;
        this.request = request;
        this.now = now;
        this.outbox = outbox;
    }

    /** A node that was looked at. */
    private static final class Opened {
        private @Nullable Node node;
        private boolean isNew;
        private boolean asks;
        private boolean reviews;
        private boolean altered;

        Opened(@Nullable Node node) {
            this.node = node;
        }
    }

    /** A reason that may be there no more. */
    private record Gone(NodeKey key, String permit, int id) {}

    /**
     * By what a change found the subscriber.
     *
     * @param request of the interest
     */
    record Concern(NodeKey node, long request) {}

    // Subscriptions

    /** Subscribes. What was subscribed to already is widened by associations, else replaced. */
    void subscribe(Subscribed wanted, Permit permit) {
        String key = SubscribedRows.key(wanted);
        NodeKey at = place(wanted);
        Opened opened = open(at);
        String formerPermit = null;
        Subscribed former = null;
        if (opened.node != null) {
            for (Map.Entry<String, Node.Part> part : opened.node.parts().entrySet()) {
                Subscribed there = part.getValue().subscriptions().get(key);
                if (there != null) {
                    formerPermit = part.getKey();
                    former = there;
                }
            }
        }
        Subscribed subscribed = former == null
                ? wanted
                : wanted.withShape(
                        ShapeText.of(ShapeText.parse(former.shape()).merge(ShapeText.parse(wanted.shape()))));
        Node node = make(opened);
        if (former != null && formerPermit != null) {
            end(at, node, formerPermit, key, former);
        }
        begin(permit, key, subscribed);
        // Whoever was to hear of other events only may have missed what the row is by now.
        opened.asks |= at.kind() == PlaceKind.record
                && subscribed.snapshot()
                && subscribed.event() == RowEvent.UPDATED
                && !permit.id().equals(formerPermit);
        if (subscribed.leaseMs() >= 0) {
            Head was = head();
            head = was.withDueAt(Math.min(was.dueAt(), subscribed.endsAt(was.renewedAt())));
        }
        finish(List.of());
    }

    /** Ends a subscription, if there is it. */
    void unsubscribe(Subscribed rows) {
        String key = SubscribedRows.key(rows);
        NodeKey at = place(rows);
        Node node = open(at).node;
        if (node != null) {
            for (String permit : List.copyOf(node.parts().keySet())) {
                Subscribed there = node.part(permit).subscriptions().get(key);
                if (there != null) {
                    end(at, node, permit, key, there);
                }
            }
        }
        finish(List.of());
    }

    /** Ends all of them, and forgets the subscriber, who is not told of what he followed. */
    void unsubscribeAll() {
        for (SubscriberTable.Placed placed : table.nodes()) {
            outbox.unwant(subscriber, placed.key(), request);
        }
        table.forget();
    }

    /** Ends those of them that are meant. */
    void unsubscribeAll(Predicate<Subscribed> meant) {
        List<SubscriberTable.Placed> placed = table.nodes();
        boolean allAre = placed.stream()
                .flatMap(one -> one.node().parts().values().stream())
                .flatMap(part -> part.subscriptions().values().stream())
                .allMatch(meant);
        if (allAre) {
            unsubscribeAll();
            return;
        }
        for (SubscriberTable.Placed one : placed) {
            Node node = Objects.requireNonNull(open(one.key()).node);
            one.node()
                    .parts()
                    .forEach((permit, part) -> part.subscriptions().forEach((key, subscribed) -> {
                        if (meant.test(subscribed)) {
                            end(one.key(), node, permit, key, subscribed);
                        }
                    }));
        }
        finish(List.of());
    }

    /** Prolongs all that have a lease. */
    void renew() {
        Head was = head();
        if (was.dueAt() != Long.MAX_VALUE) {
            head = was.withRenewedAt(now);
        }
        finish(List.of());
    }

    /** Ends those whose lease is over. */
    void expire() {
        long next = Long.MAX_VALUE;
        for (SubscriberTable.Placed placed : table.nodes()) {
            Node node = Objects.requireNonNull(open(placed.key()).node);
            for (Map.Entry<String, Node.Part> part : placed.node().parts().entrySet()) {
                for (Map.Entry<String, Subscribed> each :
                        part.getValue().subscriptions().entrySet()) {
                    long endsAt = each.getValue().endsAt(head().renewedAt());
                    if (endsAt <= now) {
                        end(placed.key(), node, part.getKey(), each.getKey(), each.getValue());
                    } else {
                        next = Math.min(next, endsAt);
                    }
                }
            }
        }
        Head was = head();
        head = next == Long.MAX_VALUE ? new Head(was.outstanding(), 0, next) : was.withDueAt(next);
        finish(List.of());
        if (table.nodes().isEmpty()) {
            table.forget();
        }
    }

    /**
     * Takes that another model is followed. What is subscribed to is heard of where that model has it. Places where it has no rows are let go
     * at once, since what happens there is not told any more; whoever comes back to them begins anew. Places whose rows may lead elsewhere by it
     * are asked for them again, and what follows from these is found as ever.
     */
    void review() {
        boolean letsGo = false;
        for (SubscriberTable.Placed placed : table.nodes()) {
            NodeKey at = placed.key();
            Opened opened = open(at);
            Node node = make(opened);
            placed.node()
                    .parts()
                    .forEach((permit, part) -> part.subscriptions().forEach((key, subscribed) -> {
                        if (!place(subscribed).equals(at)) {
                            begin(permit(permit), key, subscribed);
                            end(at, node, permit, key, subscribed);
                        }
                    }));
            if (!ground.hasRows(at)) {
                letsGo = true;
            } else if (node.dependsOnModel()) {
                opened.asks = true;
                opened.reviews = true;
            }
        }
        if (letsGo) {
            for (SubscriberTable.At at : table.members()) {
                Member member = at.member();
                Member left = member.withLinks(link -> ground.hasRows(link.to()));
                if (left.links().size() < member.links().size()) {
                    replace(at.node(), at.permit(), at.record(), member, left);
                }
            }
        }
        finish(List.of());
    }

    private void begin(Permit permit, String key, Subscribed subscribed) {
        NodeKey at = place(subscribed);
        table.count(permit, 1);
        make(open(at)).part(permit.id()).subscriptions().put(key, subscribed);
        Reason reason = reason(subscribed, at);
        if (reason != null) {
            demand(at, permit.id(), reason);
        }
    }

    /** Ends a subscription. */
    private void end(NodeKey at, Node node, String permitId, String key, Subscribed former) {
        node.part(permitId).subscriptions().remove(key);
        table.count(permit(permitId), -1);
        Reason reason = reason(former, at);
        if (reason != null) {
            undemand(at, permitId, reason);
        }
        open(at).altered = true;
    }

    private NodeKey place(Subscribed rows) {
        return SubscribedRows.place(rows, ground.model());
    }

    /** What a subscription asks for beside being told; null: nothing. */
    private static @Nullable Reason reason(Subscribed subscribed, NodeKey at) {
        String where = subscribed.where();
        if (where != null) {
            return new Reason(Reason.Kind.ROWS, subscribed.table(), where, subscribed.shape(), false);
        }
        boolean rows = subscribed.snapshot() || !subscribed.shape().equals(ShapeText.BARE);
        if (at.kind() == PlaceKind.record) {
            return subscription(subscribed, !rows);
        }
        boolean isWhere = (at.kind() == PlaceKind.column) == (subscribed.scope() == WatchedScope.column);
        boolean follows = subscribed.follow() || subscribed.snapshot();
        return isWhere && follows ? subscription(subscribed, !subscribed.snapshot()) : null;
    }

    private static Reason subscription(Subscribed subscribed, boolean fromNow) {
        return new Reason(Reason.Kind.SUBSCRIBED, subscribed.table(), "", subscribed.shape(), fromNow);
    }

    // What places tell

    /** Takes the rows that are at a place. */
    void place(NodeKey key, long answering, List<Delivered> rows, boolean last) {
        Node node = open(key).node;
        if (node == null || answering < node.since()) {
            return;
        }
        List<Message> messages = new ArrayList<>();
        for (Delivered row : rows) {
            Message message = new Message(row, knownOf(row.path()), ground);
            node.parts().forEach((permit, part) -> takeRow(key, permit, part, row, message));
            messages.add(message);
        }
        if (last && node.awaited() == answering) {
            open(key).altered = true;
            if (node.isAnswered(answering)) {
                isAnswered();
            }
        }
        finish(messages);
    }

    private void takeRow(NodeKey key, String permit, Node.Part part, Delivered row, Message message) {
        Seen seen = viewer(permit).see(row);
        Member member = table.member(key, permit, row.path());
        if (seen.row() == null || (member != null && member.ref() > row.ref()) || !row.isAt(key)) {
            return;
        }
        Member next = member(part, key, row, member, false);
        if (next != null) {
            replace(key, permit, row.path(), member, next);
            message.add(permit, seen);
        } else if (member != null && member.ref() == row.ref()) {
            // The row is the same and followed no more: that is by another model.
            replace(key, permit, row.path(), member, null);
        }
    }

    /** The member that a row is; null: it is none. */
    private static @Nullable Member member(
            Node.Part part, NodeKey key, Delivered row, @Nullable Member member, boolean enters) {
        Set<Integer> reasons = new TreeSet<>();
        Set<Link> links = new LinkedHashSet<>();
        for (Node.Demand demand : part.demands()) {
            boolean mayEnter = !demand.reason().fromNow()
                    || enters
                    || key.kind() == PlaceKind.record
                    || (member != null && member.reasons().contains(demand.id()));
            List<Way.Lead> leads = demand.isGone() || !mayEnter ? null : row.leads(demand.reason());
            if (leads != null) {
                reasons.add(demand.id());
                leads.forEach(lead -> links.add(new Link(demand.id(), lead.to(), lead.reason())));
            }
        }
        return reasons.isEmpty()
                ? null
                : new Member(row.cause().partition(), row.ref(), row.cause().place(), reasons, List.copyOf(links));
    }

    /** Takes a change. */
    void change(Delivered change, List<Concern> concerns) {
        Message message = new Message(change, knownOf(change.path()), ground);
        for (Concern concern : concerns) {
            Node node = open(concern.node()).node;
            if (node != null && concern.request() >= node.since()) {
                node.parts().forEach((permit, part) -> takeChange(concern.node(), permit, part, change, message));
                if (change.op() == RowOperation.deleted && concern.node().kind() == PlaceKind.record) {
                    endRecord(concern.node(), node, change);
                }
            }
        }
        finish(List.of(message));
    }

    private void takeChange(NodeKey key, String permit, Node.Part part, Delivered change, Message message) {
        Member member = table.member(key, permit, change.path());
        if (member != null && member.ref() > change.ref()) {
            return;
        }
        Seen seen = viewer(permit).see(change);
        boolean isHere = seen.row() != null && change.isAt(key);
        boolean enters = isHere && (seen.kind() == Seen.Kind.INSERTED || !change.wasAt(key));
        Member next = isHere ? member(part, key, change, member, enters) : null;
        if (member != null || next != null) {
            replace(key, permit, change.path(), member, next);
        }
        boolean matches = message.match(part, seen);
        boolean follows = part.follows(key, member) || part.follows(key, next);
        if (follows) {
            message.matchFollowed(key, part, seen, member, next);
        }
        if (matches || follows) {
            message.add(permit, seen);
        }
    }

    /** Subscriptions to a record end when its deletion is told. */
    private void endRecord(NodeKey at, Node node, Delivered change) {
        for (Map.Entry<String, Node.Part> part : node.parts().entrySet()) {
            if (viewer(part.getKey()).see(change).kind() == Seen.Kind.DELETED) {
                endRecord(at, node, part.getKey());
            }
        }
    }

    /** What is to the record itself goes on, for when it is there again. */
    private void endRecord(NodeKey at, Node node, String permit) {
        new LinkedHashMap<>(node.part(permit).subscriptions()).forEach((key, subscribed) -> {
            if (!subscribed.isOfRows()) {
                end(at, node, permit, key, subscribed);
            }
        });
    }

    /** Takes that the rows of a table went which came from one partition of row changes before one of these. */
    void truncated(String name, Told.Cause cause, List<Concern> concerns) {
        boolean isConcerned = concerns.stream().anyMatch(concern -> {
            Node node = open(concern.node()).node;
            return node != null && concern.request() >= node.since();
        });
        if (!isConcerned || table.toldTruncated(name, cause.partition()) >= cause.offset()) {
            return;
        }
        table.putToldTruncated(name, cause.partition(), cause.offset());
        Truncation truncation = new Truncation(cause.offset(), cause.place(), Long.MAX_VALUE, false);
        Set<String> went = new HashSet<>();
        for (SubscriberTable.At at : table.membersOf(name)) {
            if (at.member().partition() == cause.partition()
                    && truncation.took(at.member().ref(), at.member().place())) {
                replace(at.node(), at.permit(), at.record(), at.member(), null);
                went.add(at.record());
                Node node = open(at.node()).node;
                if (at.node().kind() == PlaceKind.record && node != null) {
                    endRecord(at.node(), node, at.permit());
                }
            }
        }
        outbox.tell(
                subscriber,
                new Told(
                        ToldOperation.truncated,
                        Path.of(name).toString(),
                        null,
                        null,
                        cause.offset(),
                        false,
                        isOutstanding(),
                        List.of(),
                        cause));
        spoken.addAll(went);
        finish(List.of());
    }

    // What follows

    private Opened open(NodeKey key) {
        return nodes.computeIfAbsent(key, at -> new Opened(table.node(at)));
    }

    private Node make(Opened opened) {
        Node node = opened.node;
        if (node == null) {
            node = new Node(request);
            opened.node = node;
            opened.isNew = true;
            opened.asks = true;
        }
        opened.altered = true;
        return node;
    }

    private void demand(NodeKey key, String permit, Reason reason) {
        Opened opened = open(key);
        if (make(opened).part(permit).add(reason) && !reason.fromNow()) {
            opened.asks = true;
        }
    }

    private void undemand(NodeKey key, String permit, Reason reason) {
        Opened opened = open(key);
        Node.Demand demand = make(opened).part(permit).subtract(reason);
        if (demand != null) {
            gone.add(new Gone(key, permit, demand.id()));
        }
    }

    private Known knownOf(String record) {
        Known there = known.get(record);
        if (there == null) {
            there = table.known(record);
            known.put(record, there);
            before.put(record, there);
        }
        return there;
    }

    private void replace(NodeKey key, String permit, String record, @Nullable Member member, @Nullable Member next) {
        Known was = knownOf(record);
        int more = (next == null ? 0 : 1) - (member == null ? 0 : 1);
        known.put(record, was.withMemberships(was.memberships() + more));
        table.put(key, permit, record, next);
        List<Link> former = member == null ? List.of() : member.links();
        List<Link> links = next == null ? List.of() : next.links();
        for (Link link : links) {
            if (!former.contains(link)) {
                demand(link.to(), permit, link.reason());
            }
        }
        for (Link link : former) {
            if (!links.contains(link)) {
                undemand(link.to(), permit, link.reason());
            }
        }
    }

    private void finish(List<Message> messages) {
        settle();
        ask();
        for (Message message : messages) {
            Told told = told(message);
            if (told != null) {
                spoken.add(told.record());
                outbox.tell(subscriber, told);
            }
        }
        known.forEach((record, now) -> {
            Known was = Objects.requireNonNull(before.get(record));
            if (was.memberships() > 0 && was.isTold() && now.memberships() == 0 && !spoken.contains(record)) {
                outbox.tell(subscriber, released(record, was));
            }
            if (!now.equals(was)) {
                table.put(record, now);
            }
        });
        if (answered && head().outstanding() == 0) {
            outbox.tell(subscriber, NOTHING_MORE);
        }
        nodes.forEach((key, opened) -> {
            if (opened.altered && opened.node != null) {
                table.put(key, opened.node);
            }
        });
        Head now = head;
        if (now != null) {
            table.put(now);
            outbox.due(now.dueAt());
        }
    }

    private Told released(String record, Known was) {
        return new Told(
                ToldOperation.released,
                record,
                null,
                null,
                was.ref(),
                false,
                isOutstanding(),
                List.of(),
                Told.Cause.NONE);
    }

    private boolean isOutstanding() {
        return head().outstanding() > 0;
    }

    /** Ends what nothing asks for any more. */
    private void settle() {
        for (Gone next = gone.poll(); next != null; next = gone.poll()) {
            Node node = open(next.key()).node;
            if (node != null) {
                drop(next, node);
            }
        }
        nodes.forEach((key, opened) -> {
            Node node = opened.node;
            if (opened.altered && node != null) {
                node.forgetEmptyParts();
            }
            if (opened.altered && node != null && node.isEmpty()) {
                if (!opened.isNew) {
                    outbox.unwant(subscriber, key, request);
                    table.delete(key);
                }
                if (node.awaited() != Node.NONE) {
                    isAnswered();
                }
                opened.node = null;
            }
        });
    }

    private void drop(Gone reason, Node node) {
        Node.Part part = node.part(reason.permit());
        if (!part.remove(reason.id())) {
            return;
        }
        for (SubscriberTable.At at : table.members(reason.key(), reason.permit())) {
            Member member = at.member();
            if (member.reasons().contains(reason.id())) {
                Member left = member.without(reason.id());
                replace(
                        reason.key(),
                        reason.permit(),
                        at.record(),
                        member,
                        left.reasons().isEmpty() ? null : left);
            }
        }
    }

    private void isAnswered() {
        head = head().withOutstanding(head().outstanding() - 1);
        answered = true;
    }

    private void ask() {
        nodes.forEach((key, opened) -> {
            Node node = opened.node;
            if (node != null && opened.asks) {
                int answers = outbox.want(
                        subscriber, key, request, node.asksForRows(opened.reviews), node.where(opened.reviews));
                if (answers > 0) {
                    if (node.awaited() == Node.NONE) {
                        head = head().withOutstanding(head().outstanding() + 1);
                    }
                    node.await(request, answers);
                }
            }
        });
    }

    private Head head() {
        Head there = head;
        if (there == null) {
            there = table.head();
            head = there;
        }
        return there;
    }

    private Viewer viewer(String permit) {
        return ground.viewer(permit, () -> permit(permit));
    }

    private Permit permit(String id) {
        return id.isEmpty()
                ? Permit.NONE
                : Objects.requireNonNull(table.permit(id), "a permit is kept while it is used");
    }

    /** The message of a change; null: nothing is told. What is told in place of a row has all of it that was told before and still may be. */
    private @Nullable Told told(Message message) {
        if (!message.isNews()) {
            return null;
        }
        for (String permit : message.permitsBefore()) {
            if (permit.isEmpty() || table.permit(permit) != null) {
                message.addBefore(permit, viewer(permit).see(message.change()));
            }
        }
        String record = message.change().path();
        int memberships = knownOf(record).memberships();
        if (memberships > 0) {
            known.put(record, message.known(memberships));
        }
        return message.told(memberships > 0, isOutstanding());
    }
}
