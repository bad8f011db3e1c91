package io.forebay.sync.subscription.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a partition of subscribers keeps of no subscriber alone: truncations, the definition of watchers, and when leases end. In memory too. */
public final class PartitionState {

    private final Map<Truncated, Long> truncated = new HashMap<>();
    private @Nullable Definition definition;
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
                truncated.put(new Truncated(table, parts.number()), new CellReader(scan.value()).number());
            }
        }
        try (Scan scan = view.scanPrefix(SubscriberKeys.watchers())) {
            if (scan.next()) {
                CellReader from = new CellReader(scan.value());
                definition = new Definition(from.number(), from.text());
            }
        }
        try (Scan due = view.scanIndexPrefix(SubscriberKeys.space(SubscriberKeys.DUE))) {
            nextDue = due.next() ? SubscriberKeys.timeOf(due.key()) : Long.MAX_VALUE;
        }
    }

    /** Whether a row went by a truncation. */
    public boolean isGone(String table, int partition, long ref) {
        return truncated.getOrDefault(new Truncated(table, partition), -1L) > ref;
    }

    /** Notes that the rows of a table which came from a partition went. */
    public void putTruncated(String table, int partition, long ref, Decision decision) {
        if (!isGone(table, partition, ref)) {
            truncated.put(new Truncated(table, partition), ref);
            decision.put(
                    SubscriberKeys.truncated(table, partition),
                    new CellWriter().number(ref).toBytes());
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
