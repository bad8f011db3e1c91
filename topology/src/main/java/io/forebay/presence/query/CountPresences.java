package io.forebay.presence.query;

import io.forebay.presence.state.PresenceReader;
import io.forebay.presence.state.StatusCode;
import io.forebay.routing.ScanQuery;
import io.forebay.store.StoreView;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts of a guild, kept by the store and not counted. The guild is gone through only while a bulk write is carried out that another one of
 * the guild overtook.
 *
 * @param guild the guild's id, unsigned
 */
public record CountPresences(long guild) implements ScanQuery<PresenceCounts> {

    @Override
    public PresenceCounts evaluate(StoreView view) {
        Map<String, Long> statuses = new LinkedHashMap<>();
        long total = 0;
        for (Map.Entry<StatusCode, Long> count :
                PresenceReader.counts(view, guild).entrySet()) {
            statuses.put(count.getKey().word(), count.getValue());
            total += count.getValue();
        }
        return new PresenceCounts(total, statuses, PresenceReader.pending(view, guild));
    }
}
