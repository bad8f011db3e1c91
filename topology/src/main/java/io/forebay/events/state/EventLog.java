package io.forebay.events.state;

import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The log of events at one moment.
 *
 * <p>Sequence numbers have no gap, and neither the time of events nor the command that appended them goes back as the numbers
 * go on. So a time and a position are each a place in the numbers: the first is looked up in an index, the second is found by
 * halving.
 */
public final class EventLog {

    private final StoreView view;

    /** The log in a view, which the caller closes. */
    public EventLog(StoreView view) {
        this.view = view;
    }

    /** The number of the last event; 0 if there is none. */
    public long lastSequence() {
        return count(EventFilter.ALL);
    }

    /** The version of a stream's last event; 0 if it has none. */
    public long version(String domain, String instanceId) {
        return count(EventFilter.stream(domain, instanceId));
    }

    /** How many events meet a filter. */
    public long count(EventFilter filter) {
        return view.count(filter.key());
    }

    /**
     * How many events of a span meet a filter. Where neither asks for everything, the entries within the span are counted, or
     * those outside, whichever may be less.
     */
    public long count(EventFilter filter, EventSpan span) {
        if (filter.equals(EventFilter.ALL)) {
            return span.length();
        }
        long end = lastSequence() + 1;
        EventSpan before = new EventSpan(1, span.from());
        EventSpan after = new EventSpan(Math.max(span.from(), span.to()), end);
        if (before.length() + after.length() > span.length()) {
            return entries(filter, span);
        }
        return count(filter) - entries(filter, before) - entries(filter, after);
    }

    private long entries(EventFilter filter, EventSpan span) {
        long entries = 0;
        if (span.length() > 0) {
            try (EventScan scan = scan(filter, span, false)) {
                while (scan.next()) {
                    entries++;
                }
            }
        }
        return entries;
    }

    /** Every event. */
    public EventSpan all() {
        return new EventSpan(1, lastSequence() + 1);
    }

    /**
     * The events of a time and up to a position.
     *
     * @param from in milliseconds since the epoch, inclusive; null for any
     * @param to in milliseconds since the epoch, exclusive; null for any
     * @param asOf offset of the last command that counts; -1 for none, null for all
     */
    public EventSpan span(@Nullable Long from, @Nullable Long to, @Nullable Long asOf) {
        EventSpan all = all();
        long first = from == null ? all.from() : firstSince(from, all);
        long end = to == null ? all.to() : firstSince(to, all);
        return new EventSpan(first, asOf == null ? end : Math.min(end, firstBeyond(asOf, all)));
    }

    private long firstSince(long time, EventSpan all) {
        try (Scan times = view.scanIndex(EventKeys.timeFrom(Math.max(0, time)), EventKeys.timesEnd())) {
            return times.next() ? EventKeys.sequenceOfTime(times.key()) : all.to();
        }
    }

    /** The number of the first event that a later command than this one appended. */
    private long firstBeyond(long offset, EventSpan all) {
        if (all.length() == 0 || at(all.to() - 1).offset() <= offset) {
            return all.to();
        }
        long low = all.from();
        long high = all.to() - 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The event of a number. */
    private Stored at(long sequence) {
        try (EventScan scan = scan(EventFilter.ALL, new EventSpan(sequence, sequence + 1), false)) {
            if (!scan.next()) {
                throw new IllegalStateException("the log has no event of number " + sequence);
            }
            return read(scan);
        }
    }

    /** The events that meet a filter, in the order of their numbers or back. */
    public EventScan scan(EventFilter filter, EventSpan span, boolean backward) {
        return new EventScan(view, filter, span, backward);
    }

    /** The event that a scan is at. */
    public Stored read(EventScan scan) {
        return Objects.requireNonNull(view.get(scan.record()), "an index entry has its record");
    }

    /** The event of a version of a stream; null if there is none. */
    public @Nullable Stored at(String domain, String instanceId, long version) {
        return view.get(EventKeys.record(domain, instanceId, version));
    }

    /**
     * The version of a stream at a position.
     *
     * @param asOf offset of the last command that counts; -1 for none, null for all
     */
    public long version(String domain, String instanceId, @Nullable Long asOf) {
        long version = version(domain, instanceId);
        if (asOf == null || version == 0 || isUpTo(domain, instanceId, version, asOf)) {
            return version;
        }
        long low = 0;
        long high = version - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (isUpTo(domain, instanceId, middle, asOf)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean isUpTo(String domain, String instanceId, long version, long asOf) {
        Stored event = Objects.requireNonNull(at(domain, instanceId, version), "versions of a stream have no gap");
        return event.offset() <= asOf;
    }

    /** The event of an id in a stream; null if there is none. */
    public @Nullable Stored find(String domain, String instanceId, String id) {
        try (Scan ids = view.scanIndexPrefix(EventKeys.idFrom(domain, instanceId, id))) {
            return ids.next() ? at(domain, instanceId, EventKeys.versionOfId(ids.key())) : null;
        }
    }

    /** The events that a command appended, in order. */
    public List<EventLead> appendedBy(long offset) {
        EventSpan all = all();
        List<EventLead> appended = new ArrayList<>();
        EventSpan since = new EventSpan(firstBeyond(offset - 1, all), all.to());
        try (EventScan scan = scan(EventFilter.ALL, since, false)) {
            while (scan.next()) {
                Stored event = read(scan);
                if (event.offset() != offset) {
                    break;
                }
                appended.add(EventLead.of(event.payload()));
            }
        }
        return appended;
    }

    /**
     * How many of a stream's events are sealed, of those up to a command.
     *
     * @param asOf offset of the last command that counts
     */
    public long sealed(String domain, String instanceId, long asOf) {
        long sealed = view.count(EventKeys.sealed(domain, instanceId));
        // There are events beyond only while commands are decided again whose events the log has.
        for (long version = version(domain, instanceId);
                version > 0 && !isUpTo(domain, instanceId, version, asOf);
                version--) {
            Stored event = Objects.requireNonNull(at(domain, instanceId, version));
            sealed -= EventLead.of(event.payload()).sealedBy() == null ? 0 : 1;
        }
        return sealed;
    }

    /** Key of an event's record. */
    public static byte[] key(String domain, String instanceId, long version) {
        return EventKeys.record(domain, instanceId, version);
    }
}
