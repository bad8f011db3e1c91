package io.forebay.sync.subscription.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a partition of subscribers keeps of no subscriber alone: truncations, the definition of watchers,
 * the model, and when leases end. In memory too. */
public final class PartitionState {

    private final Map<Truncated, Map<String, Truncation>> truncated = new HashMap<>();
    private @Nullable Definition definition;
    private final NavigableMap<Long, KnownModel> nextModels = new TreeMap<>();
    private @Nullable KnownModel model;
    private long nextDue = Long.MAX_VALUE;

    private record Truncated(String table, int partition) {}

    /**
     * Watchers as they were defined.
     *
     * @param version greater than that of every definition before
     * @param watchers the text of a JSON array
     */
    public record Definition(long version, String watchers) {}

    /** Loads it. */
    public void open(StoreView view) {
        truncated.clear();
        definition = null;
        try (Scan scan = view.scanPrefix(SubscriberKeys.space(SubscriberKeys.TRUNCATED))) {
            while (scan.next()) {
                SubscriberKeys.Parts parts = new SubscriberKeys.Parts(scan.key());
                String table = Path.parse(parts.text()).part(0);
                remember(new Truncated(table, parts.number()), Truncation.decode(scan.value()));
            }
        }
        try (Scan scan = view.scanPrefix(SubscriberKeys.watchers())) {
            if (scan.next()) {
                CellReader from = new CellReader(scan.value());
                definition = new Definition(from.number(), from.text());
            }
        }
        model = KnownModel.of(view.get(SubscriberKeys.model()));
        nextModels.clear();
        try (Scan scan = view.scanPrefix(SubscriberKeys.space(SubscriberKeys.NEXT_MODEL))) {
            while (scan.next()) {
                KnownModel next = KnownModel.decode(scan.value());
                nextModels.put(next.version(), next);
            }
        }
        try (Scan due = view.scanIndexPrefix(SubscriberKeys.space(SubscriberKeys.DUE))) {
            nextDue = due.next() ? SubscriberKeys.timeOf(due.key()) : Long.MAX_VALUE;
        }
    }

    private void remember(Truncated where, Truncation truncation) {
        truncated.computeIfAbsent(where, first -> new HashMap<>(1)).put(source(truncation), truncation);
    }

    private static String source(Truncation truncation) {
        LogPlace place = truncation.place();
        return place == null ? "" : place.source();
    }

    /** Whether a row went by a truncation. */
    public boolean isGone(String table, int partition, long ref, @Nullable LogPlace place) {
        return truncated.getOrDefault(new Truncated(table, partition), Map.of()).values().stream()
                .anyMatch(truncation -> truncation.took(ref, place));
    }

    /** Notes that the rows of a table which came from a partition went: the last time of those of each source is what counts. */
    public void putTruncated(String table, int partition, Truncation truncation, Decision decision) {
        Truncated where = new Truncated(table, partition);
        Truncation known = truncated.getOrDefault(where, Map.of()).get(source(truncation));
        if (known == null || known.ref() < truncation.ref()) {
            remember(where, truncation);
            decision.put(SubscriberKeys.truncated(table, partition, source(truncation)), truncation.encode());
        }
    }

    /** The watchers that were defined; null where none were. */
    public @Nullable Definition definition() {
        return definition;
    }

    /** Notes which watchers there are. */
    public void put(Definition defined, Decision decision) {
        definition = defined;
        decision.put(
                SubscriberKeys.watchers(),
                new CellWriter()
                        .number(defined.version())
                        .text(defined.watchers())
                        .toBytes());
    }

    /** The model that is followed; null where none was declared. */
    public @Nullable KnownModel model() {
        return model;
    }

    /** Notes which model is followed. */
    public void put(KnownModel declared, Decision decision) {
        model = declared;
        decision.put(SubscriberKeys.model(), declared.encode());
    }

    /** Notes which model is to be followed after those that were declared before it. */
    public void putNext(KnownModel declared, Decision decision) {
        if (nextModels.putIfAbsent(declared.version(), declared) == null) {
            decision.put(SubscriberKeys.nextModel(declared.version()), declared.encode());
        }
    }

    /** The model that is to be followed next, which is noted no more; null where there is none. */
    public @Nullable KnownModel takeNext(Decision decision) {
        Map.Entry<Long, KnownModel> next = nextModels.pollFirstEntry();
        if (next == null) {
            return null;
        }
        decision.delete(SubscriberKeys.nextModel(next.getKey()));
        return next.getValue();
    }

    /** Notes that a lease may end at a log time. */
    public void isDueAt(long time) {
        nextDue = Math.min(nextDue, time);
    }

    /** When a lease may end next, by log time. */
    public long dueAt() {
        return nextDue;
    }

    /** Subscribers of whom a lease may have ended by now, by name; some of them where there are many. */
    public List<String> due(Decision decision, int most) {
        List<String> subscribers = new ArrayList<>();
        nextDue = Long.MAX_VALUE;
        try (Scan due = decision.before().scanIndexPrefix(SubscriberKeys.space(SubscriberKeys.DUE))) {
            while (nextDue == Long.MAX_VALUE && due.next()) {
                long time = SubscriberKeys.timeOf(due.key());
                if (time > decision.logTime() || subscribers.size() == most) {
                    nextDue = time;
                } else {
                    subscribers.add(Path.parse(SubscriberKeys.subscriberOfDue(due.key()))
                            .part(0));
                }
            }
        }
        return subscribers;
    }
}
