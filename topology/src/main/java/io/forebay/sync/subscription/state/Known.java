package io.forebay.sync.subscription.state;

import java.util.HashSet;
import java.util.Set;

/**
 * What a subscriber knows of a record that he follows.
 *
 * @param ref of the last change that he was told
 * @param isChange whether he was told of the change itself, and not of the row as it was after it
 * @param memberships at how many places he follows it
 * @param permits under which he was told that change
 */
public record Known(long ref, boolean isChange, int memberships, Set<String> permits) {

    /** Nothing yet. */
    public static final Known NOTHING = new Known(-1, false, 0, Set.of());

    public Known {
        permits = Set.copyOf(permits);
    }

    /** Whether he was told of it at all. */
    public boolean isTold() {
        return ref >= 0;
    }

    /** With another number of places. */
    public Known withMemberships(int number) {
        return new Known(ref, isChange, number, permits);
    }

    byte[] encode() {
        CellWriter to =
                new CellWriter().number(ref).flag(isChange).number(memberships).number(permits.size());
        permits.stream().sorted().forEach(to::text);
        return to.toBytes();
    }

    static Known decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        long ref = from.number();
        boolean isChange = from.flag();
        int memberships = (int) from.number();
        Set<String> permits = new HashSet<>();
        for (long i = from.number(); i > 0; i--) {
            permits.add(from.text());
        }
        return new Known(ref, isChange, memberships, permits);
    }
}
