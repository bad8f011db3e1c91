package io.forebay.sync.subscription.state;

import io.forebay.schemas.avro.PlaceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a subscriber follows a place: by permit the subscriptions that he made there, and the reasons that there are beside them, each with how
 * often there is it.
 */
public final class Node {

    /** No request is outstanding. */
    public static final long NONE = -1;

    private static final String NO_CONDITIONS = "{}";

    private static final long FORMAT = 1;

    private final long since;
    private long awaited = NONE;
    private int answers;
    private final Map<String, Part> parts = new TreeMap<>();

    /**
     * One that nobody follows yet.
     *
     * @param since what every request of it is not less than
     */
    public Node(long since) {
        this.since = since;
    }

    /** What every request of it is not less than: what was found by a lesser one is of an earlier time. */
    public long since() {
        return since;
    }

    /** The request that the place has not answered yet; {@link #NONE} when it has. */
    public long awaited() {
        return awaited;
    }

    /**
     * Notes the request that the place has to answer.
     *
     * @param most how many answers there will be: of a table one from each partition of places
     */
    public void await(long request, int most) {
        awaited = request;
        answers = most;
    }

    /** Notes an answer to a request, and tells whether it was the last one that was waited for. */
    public boolean isAnswered(long request) {
        if (awaited != request || --answers > 0) {
            return false;
        }
        awaited = NONE;
        return true;
    }

    /** What there is under each permit. */
    public Map<String, Part> parts() {
        return parts;
    }

    /** What there is under a permit; made where it is not there. */
    public Part part(String permit) {
        return parts.computeIfAbsent(permit, id -> new Part());
    }

    /** Whether nothing asks for it any more. */
    public boolean isEmpty() {
        return parts.values().stream().allMatch(Part::isEmpty);
    }

    /**
     * Whether rows that are there are asked for.
     *
     * @param isReview whether to learn where members lead to by another model
     */
    public boolean asksForRows(boolean isReview) {
        return demands().anyMatch(demand -> demand.asksForRows(isReview));
    }

    /** The conditions on rows that are there and asked for, as JSON; those of none where reasons differ in it. */
    public String where(boolean isReview) {
        Set<String> conditions = demands()
                .filter(demand -> demand.asksForRows(isReview))
                .map(demand -> demand.reason.kind() == Reason.Kind.ROWS ? demand.reason.association() : NO_CONDITIONS)
                .collect(Collectors.toSet());
        return conditions.size() == 1 ? conditions.iterator().next() : NO_CONDITIONS;
    }

    /** Whether who is a member, or where members lead to, may be something else by another model. */
    public boolean dependsOnModel() {
        return demands().anyMatch(demand -> demand.reason.dependsOnModel());
    }

    private Stream<Demand> demands() {
        return parts.values().stream().flatMap(part -> part.demands.stream());
    }

    /** Forgets the permits under which nothing asks for it. */
    public void forgetEmptyParts() {
        parts.values().removeIf(Part::isEmpty);
    }

    /** What there is under one permit. */
    public static final class Part {
        private final Map<String, Subscribed> subscriptions = new LinkedHashMap<>();
        private final List<Demand> demands = new ArrayList<>(1);
        private int lastId;

        /** Subscriptions, by {@link IdentifierKey}. */
        public Map<String, Subscribed> subscriptions() {
            return subscriptions;
        }

        /** Reasons. */
        public List<Demand> demands() {
            return demands;
        }

        /** Counts a reason once more, and tells whether it is new. */
        public boolean add(Reason reason) {
            for (Demand demand : demands) {
                if (demand.reason.equals(reason)) {
                    demand.count++;
                    return false;
                }
            }
            demands.add(new Demand(++lastId, reason, 1));
            return true;
        }

        /** Counts a reason once less; the demand when it was the last time, else null. */
        public @Nullable Demand subtract(Reason reason) {
            for (Demand demand : demands) {
                if (demand.reason.equals(reason)) {
                    demand.count--;
                    return demand.count == 0 ? demand : null;
                }
            }
            throw new IllegalStateException("a reason that there was not: " + reason);
        }

        /**
         * Whether a member is followed, so that all that happens to it is told. Who only subscribed to events of a record, and to nothing
         * below it, hears of these.
         *
         * @param at the place that this is of
         */
        public boolean follows(NodeKey at, @Nullable Member member) {
            return member != null
                    && (at.kind() != PlaceKind.record
                            || demands.stream()
                                    .anyMatch(demand ->
                                            member.reasons().contains(demand.id) && !demand.reason.isOfEventsOnly()));
        }

        /** Forgets a reason that is not counted any more, and tells whether it did. */
        public boolean remove(int id) {
            return demands.removeIf(demand -> demand.id == id && demand.count == 0);
        }

        boolean isEmpty() {
            return subscriptions.isEmpty() && demands.stream().allMatch(demand -> demand.count == 0);
        }
    }

    /** A reason, and how often there is it. */
    public static final class Demand {
        private final int id;
        private final Reason reason;
        private int count;

        Demand(int id, Reason reason, int count) {
            this.id = id;
            this.reason = reason;
            this.count = count;
        }

        /** Its number at the place. */
        public int id() {
            return id;
        }

        /** The reason. */
        public Reason reason() {
            return reason;
        }

        private boolean asksForRows(boolean isReview) {
            return !reason.fromNow() || (isReview && reason.dependsOnModel());
        }

        /** Whether there is it no more. */
        public boolean isGone() {
            return count == 0;
        }
    }

    byte[] encode() {
        CellWriter to =
                new CellWriter().number(FORMAT).number(since).number(awaited).number(answers);
        to.number(parts.size());
        parts.forEach((permit, part) -> {
            to.text(permit).number(part.lastId).number(part.subscriptions.size());
            part.subscriptions.forEach((key, subscribed) -> {
                to.text(key);
                subscribed.write(to);
            });
            to.number(part.demands.size());
            for (Demand demand : part.demands) {
                to.number(demand.id).number(demand.count);
                demand.reason.write(to);
            }
        });
        return to.toBytes();
    }

    static Node decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        from.checkFormat(FORMAT);
        Node node = new Node(from.number());
        node.awaited = from.number();
        node.answers = (int) from.number();
        for (long i = from.number(); i > 0; i--) {
            Part part = node.part(from.text());
            part.lastId = (int) from.number();
            for (long j = from.number(); j > 0; j--) {
                part.subscriptions.put(from.text(), Subscribed.read(from));
            }
            for (long j = from.number(); j > 0; j--) {
                int id = (int) from.number();
                int count = (int) from.number();
                part.demands.add(new Demand(id, Reason.read(from), count));
            }
        }
        return node;
    }
}
