package io.forebay.events.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A combination of what events can be asked for by, each exactly; null for anything. There is an index and a counter for each of
 * the eight combinations.
 */
public record EventFilter(
        @Nullable String type,
        @Nullable String domain,
        @Nullable String instanceId) {

    /** Every event. */
    public static final EventFilter ALL = new EventFilter(null, null, null);

    private static final int TYPE = 1;
    private static final int DOMAIN = 2;
    private static final int INSTANCE = 4;
    private static final int COMBINATIONS = 8;

    /** The events of a stream. */
    public static EventFilter stream(String domain, String instanceId) {
        return new EventFilter(null, domain, instanceId);
    }

    /** All that an event meets. */
    static List<EventFilter> metBy(EventLead event) {
        List<EventFilter> filters = new ArrayList<>(COMBINATIONS);
        for (int combination = 0; combination < COMBINATIONS; combination++) {
            filters.add(new EventFilter(
                    (combination & TYPE) == 0 ? null : event.type(),
                    (combination & DOMAIN) == 0 ? null : event.domain(),
                    (combination & INSTANCE) == 0 ? null : event.instanceId()));
        }
        return filters;
    }

    /** Names the index that serves it. */
    public String index() {
        List<String> names = new ArrayList<>(3);
        if (type != null) {
            names.add("type");
        }
        if (domain != null) {
            names.add("domain");
        }
        if (instanceId != null) {
            names.add("instance_id");
        }
        return names.isEmpty() ? "all" : String.join(",", names);
    }

    /** Key of its counter, and start of its index entries. */
    byte[] key() {
        int combination =
                (type == null ? 0 : TYPE) | (domain == null ? 0 : DOMAIN) | (instanceId == null ? 0 : INSTANCE);
        return EventKeys.named(EventKeys.COMBINATIONS + combination, type, domain, instanceId);
    }
}
