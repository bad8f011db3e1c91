package io.forebay.events.query;

import io.forebay.events.state.EventFilter;
import io.forebay.events.state.EventLog;
import io.forebay.events.state.EventScan;
import io.forebay.events.state.EventSpan;
import io.forebay.routing.ScanQuery;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of a partition by what they are and when they were appended, in the order of their numbers or back. What is asked for
 * has an index of its own, so nothing else is read; the offset is gone through in the index, entry by entry.
 *
 * @param type exactly; null for any
 * @param domain exactly; null for any
 * @param instanceId exactly; null for any
 * @param from appended at or after, in milliseconds since the epoch; null for any
 * @param to appended before, in milliseconds since the epoch; null for any
 * @param after the number after which the page begins, in the direction of the read; null for the beginning
 * @param backward whether the last comes first
 * @param offset how many are left out before the page
 * @param limit events at the most
 * @param maxBytes after which a page is full
 * @param asOf offset of the last command whose events count; -1 for none, null for all
 * @param counted whether the total is asked for
 */
public record ReadEvents(
        @Nullable String type,
        @Nullable String domain,
        @Nullable String instanceId,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable Long after,
        boolean backward,
        long offset,
        int limit,
        long maxBytes,
        @Nullable Long asOf,
        boolean counted)
        implements ScanQuery<EventPage> {

    @Override
    public EventPage evaluate(StoreView view) {
        EventLog log = new EventLog(view);
        EventFilter filter = new EventFilter(type, domain, instanceId);
        EventSpan span = log.span(from, to, asOf);
        Long total = counted ? log.count(filter, span) : null;
        EventSpan rest = after == null ? span : span.after(after, backward);
        List<byte[]> events = new ArrayList<>(Math.min(limit, 100));
        Long next = null;
        if (rest.length() > 0) {
            try (EventScan scan = log.scan(filter, rest, backward)) {
                if (skip(scan)) {
                    next = read(log, scan, events);
                }
            }
        }
        return new EventPage(events, next, total, view.entriesRead());
    }

    /** Goes over what is left out; tells whether there may be more. */
    private boolean skip(EventScan scan) {
        for (long left = offset; left > 0; left--) {
            if (!scan.next()) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Long read(EventLog log, EventScan scan, List<byte[]> events) {
        long bytes = 0;
        long last = 0;
        while (scan.next()) {
            if (events.size() == limit || bytes >= maxBytes) {
                return last;
            }
            byte[] event = log.read(scan).payload();
            events.add(event);
            bytes += event.length;
            last = scan.sequence();
        }
        return null;
    }

    /** The index that serves it. */
    public String index() {
        return new EventFilter(type, domain, instanceId).index();
    }
}
