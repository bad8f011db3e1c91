package io.forebay.stream;

import java.util.List;

/**
 * All changes one input record emitted, in order.
 *
 * @param unitOffset offset of that input record
 * @param end sync offset after the unit's last record
 * @param whole whether its first change is known to be here
 * @param changes what could be decoded; none unless whole
 */
record Unit(long unitOffset, long end, boolean whole, List<StreamChange> changes) {

    /** What a change costs in memory beside its key and JSON: the record, its arrays' headers and the references to it. */
    private static final int CHANGE_OVERHEAD = 96;

    long bytes() {
        long bytes = CHANGE_OVERHEAD;
        for (StreamChange change : changes) {
            bytes += bytes(change);
        }
        return bytes;
    }

    static long bytes(StreamChange change) {
        return (long) change.key().length + change.json().length + CHANGE_OVERHEAD;
    }
}
