package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.store.Scan;
import io.forebay.store.Stored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The interests of a partition under decision: those at a place are one range, whatever there is elsewhere. */
public final class InterestTable {

    private static final List<PlaceKind> KINDS = List.of(PlaceKind.record, PlaceKind.column, PlaceKind.table);

    /** Stores an interest, in place of the subscriber's earlier one at its place, from which it goes on. */
    public void put(Interest interest, Decision decision) {
        Interest former = find(interest.kind(), interest.place(), interest.subscriber(), decision);
        decision.put(
                PlaceKeys.interest(interest.kind(), interest.place(), interest.subscriber()),
                interest.after(former).encode());
    }

    /** Removes an interest, and tells whether it did; one that a later request made stays. */
    public boolean remove(Interest interest, Decision decision) {
        Interest stored = find(interest.kind(), interest.place(), interest.subscriber(), decision);
        boolean removes = stored != null && stored.request() <= interest.request();
        if (removes) {
            decision.delete(PlaceKeys.interest(interest.kind(), interest.place(), interest.subscriber()));
        }
        return removes;
    }

    /** The interest of a subscriber at a place, or null. */
    public @Nullable Interest find(PlaceKind kind, String place, String subscriber, Decision decision) {
        Stored stored = decision.get(PlaceKeys.interest(kind, place, subscriber));
        return stored == null ? null : Interest.decode(kind, place, stored.payload());
    }

    /** Adds all interests at a place as it was before this decision. */
    public void addAt(PlaceKind kind, String place, List<Interest> to, Decision decision) {
        try (Scan scan = decision.before().scanPrefix(PlaceKeys.interestsAt(kind, place))) {
            while (scan.next()) {
                to.add(Interest.decode(kind, place, scan.value()));
            }
        }
    }

    /**
     * Adds some of the interests in a table, its records and values of its columns.
     *
     * @param from where to begin; null at the beginning
     * @return where to go on; null when there are no more
     */
    public byte @Nullable [] addOf(
            String table, byte @Nullable [] from, int most, List<Interest> to, Decision decision) {
        int left = most;
        for (PlaceKind kind : KINDS) {
            if (from != null && Kinds.code(kind) < Kinds.code(PlaceKeys.kindOf(from))) {
                continue;
            }
            try (Scan scan = decision.before().scanPrefix(PlaceKeys.interestsOf(kind, table))) {
                if (from != null && kind == PlaceKeys.kindOf(from)) {
                    scan.seek(from);
                }
                while (scan.next()) {
                    if (left == 0) {
                        return scan.key();
                    }
                    left--;
                    to.add(Interest.decode(kind, PlaceKeys.placeOf(scan.key()), scan.value()));
                }
            }
        }
        return null;
    }
}
