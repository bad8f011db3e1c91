package io.forebay.sync.subscription;

import io.forebay.records.watch.RowEvent;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.subscription.Viewer.Seen;
import io.forebay.sync.subscription.state.IdentifierKey;
import io.forebay.sync.subscription.state.Known;
import io.forebay.sync.subscription.state.Member;
import io.forebay.sync.subscription.state.Node;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.Reason;
import io.forebay.sync.subscription.state.Subscribed;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber is told of one change: as what it is seen, by the permits under which it is, and by which of his identifiers.
 */
final class Message {

    private final Delivered change;
    private final Known was;
    private final Ground ground;
    private final Set<String> identifiers = new LinkedHashSet<>();
    private final Set<Seen.Kind> kinds = EnumSet.noneOf(Seen.Kind.class);
    private @Nullable JsonObject old;
    private @Nullable JsonObject row;
    private final Set<String> permits = new TreeSet<>();
    private boolean stayed;

    /**
     * @param was what he knew of the record before it
     */
    Message(Delivered change, Known was, Ground ground) {
        this.change = change;
        this.was = was;
        this.ground = ground;
        this.stayed = was.memberships() > 0 && was.isTold();
    }

    Delivered change() {
        return change;
    }

    /** Adds what is seen of it under a permit. */
    void add(String permit, Seen seen) {
        kinds.add(seen.kind());
        permits.add(permit);
        merge(seen);
    }

    private void merge(Seen seen) {
        old = merged(old, seen.old());
        row = merged(row, seen.row());
    }

    private static @Nullable JsonObject merged(@Nullable JsonObject one, @Nullable JsonObject other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        // The one with more columns tells their order.
        return one.members().size() >= other.members().size() ? one.merge(other) : other.merge(one);
    }

    /** Notes the subscriptions that the change touches, and tells whether there are any. */
    boolean match(Node.Part part, Seen seen) {
        RowEvent event = event(seen);
        if (event == null || part.subscriptions().isEmpty()) {
            return false;
        }
        Map<String, Delivered.Touched> touched = change.touchedAs(event);
        boolean matches = false;
        for (Map.Entry<String, Subscribed> subscription : part.subscriptions().entrySet()) {
            Delivered.Touched touch = touched.get(subscription.getKey());
            if (touch == null && subscription.getValue().scope() == WatchedScope.record) {
                touch = sightOf(subscription.getKey(), subscription.getValue(), event);
            }
            if (touch != null) {
                identifiers.add(touch.json());
                stayed |= !touch.entered();
                matches = true;
            }
        }
        return matches;
    }

    /**
     * What a subscription to a record is told, though it is seen as another event than the one that was subscribed to: the record came into
     * sight or left it by that event, or it is there at last where it was asked for.
     */
    private Delivered.@Nullable Touched sightOf(String key, Subscribed subscribed, RowEvent seen) {
        boolean isSight = change.op() == RowOperation.updated;
        boolean isAwaited = subscribed.snapshot() && seen == RowEvent.INSERTED;
        return subscribed.event() == RowEvent.UPDATED && (isSight || isAwaited)
                ? change.touchedAs(RowEvent.UPDATED).get(key)
                : null;
    }

    /** Notes the identifiers that following a row stands for. */
    void matchFollowed(NodeKey key, Node.Part part, Seen seen, @Nullable Member member, @Nullable Member next) {
        RowEvent event = event(seen);
        if (event == null) {
            return;
        }
        Map<String, Delivered.Touched> touched = change.touchedAs(event);
        String name = change.record().table();
        if (key.kind() == PlaceKind.column) {
            List<String> parts = Path.parse(key.place()).parts();
            List<String> columns = parts.subList(1, parts.size());
            if (member == null && next != null) {
                note(touched, IdentifierKey.ofColumns(ground.watcher(name, RowEvent.INSERTED), columns));
            }
            if (part.demands().stream().anyMatch(demand -> demand.reason().kind() == Reason.Kind.JOIN)) {
                note(touched, IdentifierKey.ofColumns(ground.watcher(name, event), columns));
            }
        }
        if (member != null && event != RowEvent.INSERTED) {
            note(
                    touched,
                    IdentifierKey.ofRecord(
                            ground.watcher(name, event), change.record().key()));
        }
    }

    private void note(Map<String, Delivered.Touched> touched, String key) {
        Delivered.Touched touch = touched.get(key);
        if (touch != null) {
            identifiers.add(touch.json());
        }
    }

    private static @Nullable RowEvent event(Seen seen) {
        return switch (seen.kind()) {
            case NOTHING -> null;
            case INSERTED -> RowEvent.INSERTED;
            case UPDATED -> RowEvent.UPDATED;
            case DELETED -> RowEvent.DELETED;
        };
    }

    /**
     * Whether it is told. What was told before is told once more only where it is seen under a permit under which it was not told, or came
     * as a row before.
     */
    boolean isNews() {
        // The rows of a place that was asked again come a shorter way than the change that made the row what it is.
        boolean isOvertaken = change.op() != RowOperation.snapshot && !was.isChange();
        boolean isNew = change.ref() > was.ref()
                || (isSame() && (isOvertaken || !was.permits().containsAll(permits)));
        return isNew && !kinds.isEmpty();
    }

    private boolean isSame() {
        return change.ref() == was.ref();
    }

    /** Further permits under which the same row was told. */
    Set<String> permitsBefore() {
        Set<String> further = new TreeSet<>(isSame() ? was.permits() : Set.of());
        further.removeAll(permits);
        return further;
    }

    /** Adds what was seen under a permit when the same row was told. */
    void addBefore(String permit, Seen seen) {
        permits.add(permit);
        merge(seen);
    }

    /** What he knows after it. */
    Known known(int memberships) {
        return new Known(
                Math.max(change.ref(), was.ref()),
                change.op() != RowOperation.snapshot || (isSame() && was.isChange()),
                memberships,
                permits);
    }

    /**
     * The message.
     *
     * @param isFollowed whether he goes on following the record; that he does not is told as such
     * @param isOutstanding whether rows that he follows by now have still to be told
     */
    Told told(boolean isFollowed, boolean isOutstanding) {
        ToldOperation op = op();
        boolean tellsOld = op == ToldOperation.updated || op == ToldOperation.deleted;
        return new Told(
                op,
                change.path(),
                row,
                tellsOld ? old : null,
                change.ref(),
                isFollowed,
                isOutstanding,
                List.copyOf(identifiers),
                change.cause());
    }

    private ToldOperation op() {
        if (change.op() == RowOperation.snapshot) {
            return ToldOperation.snapshot;
        }
        if (row == null) {
            return ToldOperation.deleted;
        }
        boolean isUpdate = kinds.contains(Seen.Kind.UPDATED) || kinds.size() > 1;
        return isUpdate && stayed ? ToldOperation.updated : ToldOperation.inserted;
    }
}
