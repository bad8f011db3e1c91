package io.forebay.presence.query;

import io.forebay.presence.state.PresenceKeys;
import io.forebay.presence.state.PresenceScan;
import io.forebay.presence.state.StatusCode;
import io.forebay.presence.state.StoredPresence;
import io.forebay.routing.ScanQuery;
import io.forebay.schemas.json.JsonFilter;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the presences of one partition, narrowed inside the store. A status is found by index; activities and
 * filters are tested on each presence, and a page ends early, with fewer entries, when many in a row do not match.
 *
 * @param guild only this guild's, unsigned; null for all guilds
 * @param status only with this status, exactly; null for any
 * @param activity only with an activity of this name, exactly; null for any
 * @param filters {@link JsonFilter}s in their text form, all of which have to hold
 * @param after address to start after, see {@link PresenceKeys#address}; null to start at the beginning
 * @param limit entries at the most, positive
 */
@SuppressWarnings("ArrayRecordComponent") // a cursor on its way to the store; nothing compares it
public record ListPresences(
        @Nullable Long guild,
        @Nullable String status,
        @Nullable String activity,
        List<String> filters,
        byte @Nullable [] after,
        int limit)
        implements ScanQuery<PresencePage> {

    /** Store reads after which a page ends even if it is not full: some tens of milliseconds. */
    private static final long READS_PER_PAGE = 50_000;

    @Override
    public PresencePage evaluate(StoreView view) {
        List<JsonFilter> predicates = filters.stream().map(JsonFilter::parse).toList();
        List<PresenceEntry> entries = new ArrayList<>(Math.min(limit, 1_000));
        long readsBefore = view.entriesRead();
        try (PresenceScan scan = open(view)) {
            while (scan.next()) {
                if (matches(scan.presence(), predicates)) {
                    entries.add(new PresenceEntry(
                            scan.guild(),
                            scan.user(),
                            scan.presence().version(),
                            scan.presence().json()));
                }
                if (entries.size() == limit || view.entriesRead() - readsBefore >= READS_PER_PAGE) {
                    return new PresencePage(entries, PresenceKeys.address(scan.guild(), scan.user()));
                }
            }
        }
        return new PresencePage(entries, null);
    }

    private PresenceScan open(StoreView view) {
        if (status != null) {
            return PresenceScan.ofStatus(view, guild, StatusCode.ofText(status), after);
        }
        return guild == null ? PresenceScan.ofAll(view, after) : PresenceScan.ofGuild(view, guild, after);
    }

    private boolean matches(StoredPresence presence, List<JsonFilter> predicates) {
        boolean statusIsSure = status == null || presence.status() != StatusCode.OTHER;
        if (statusIsSure && activity == null && predicates.isEmpty()) {
            return true;
        }
        JsonObject object = presence.object();
        if (!statusIsSure && !isText(object.member("status"), status)) {
            return false;
        }
        if (activity != null && !hasActivity(object)) {
            return false;
        }
        return predicates.stream().allMatch(predicate -> predicate.test(object));
    }

    private boolean hasActivity(JsonObject presence) {
        JsonValue activities = presence.member("activities");
        if (activities == null || !activities.isArray()) {
            return false;
        }
        return activities.elements().stream()
                .anyMatch(element ->
                        element.isObject() && isText(element.asObject().member("name"), activity));
    }

    private static boolean isText(@Nullable JsonValue value, @Nullable String text) {
        return value != null && value.isString() && value.asText().equals(text);
    }
}
