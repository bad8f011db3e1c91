package io.forebay.presence.http;

import io.forebay.presence.query.PresenceEntry;
import io.forebay.presence.query.PresencePage;
import io.forebay.presence.state.PresenceKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of several partitions as one. A partition that stopped early knows nothing beyond the address it got to, so the
 * merged page ends at the least of those, or when it is full.
 *
 * @param entries in the order of guild and user as numbers
 * @param next the address after which the next page begins, null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // an address on its way into a cursor; nothing compares it
record Merged(List<PresenceEntry> entries, byte @Nullable [] next) {

    static Merged of(List<PresencePage> pages, int limit) {
        byte[] bound = null;
        List<PresenceEntry> all = new ArrayList<>();
        for (PresencePage page : pages) {
            byte[] scannedTo = page.scannedTo();
            if (scannedTo != null && (bound == null || Arrays.compareUnsigned(scannedTo, bound) < 0)) {
                bound = scannedTo;
            }
            all.addAll(page.entries());
        }
        all.sort(Comparator.comparing(Merged::address, Arrays::compareUnsigned));
        List<PresenceEntry> entries = new ArrayList<>(Math.min(limit, all.size()));
        for (PresenceEntry entry : all) {
            if (bound != null && Arrays.compareUnsigned(address(entry), bound) > 0) {
                break;
            }
            if (entries.size() == limit) {
                return new Merged(entries, address(entries.get(limit - 1)));
            }
            entries.add(entry);
        }
        return new Merged(entries, bound);
    }

    static byte[] address(PresenceEntry entry) {
        return PresenceKeys.address(entry.guild(), entry.user());
    }
}
