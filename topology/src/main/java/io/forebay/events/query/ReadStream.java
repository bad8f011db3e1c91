package io.forebay.events.query;

import io.forebay.events.state.EventLog;
import io.forebay.routing.ScanQuery;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of a stream by their version in it. Each is found by its key; no index is read.
 *
 * @param domain the stream's domain
 * @param instanceId the stream's instance
 * @param fromVersion the first to be read; null for the beginning, or with {@code backward} for the end
 * @param backward whether the last comes first
 * @param limit events at the most
 * @param maxBytes after which a page is full
 * @param asOf offset of the last command whose events count; -1 for none, null for all
 */
public record ReadStream(
        String domain,
        String instanceId,
        @Nullable Long fromVersion,
        boolean backward,
        int limit,
        long maxBytes,
        @Nullable Long asOf)
        implements ScanQuery<StreamPage> {

    @Override
    public StreamPage evaluate(StoreView view) {
        EventLog log = new EventLog(view);
        long version = log.version(domain, instanceId, asOf);
        long at = first(version);
        long bytes = 0;
        List<byte[]> events = new ArrayList<>(Math.min(limit, 100));
        while (at >= 1 && at <= version && events.size() < limit && bytes < maxBytes) {
            Stored event = Objects.requireNonNull(log.at(domain, instanceId, at), "versions of a stream have no gap");
            events.add(event.payload());
            bytes += event.payload().length;
            at += backward ? -1 : 1;
        }
        Long next = at >= 1 && at <= version ? at : null;
        return new StreamPage(events, version, next, view.entriesRead());
    }

    private long first(long version) {
        if (backward) {
            return fromVersion == null ? version : Math.min(version, fromVersion);
        }
        return fromVersion == null ? 1 : Math.max(1, fromVersion);
    }
}
