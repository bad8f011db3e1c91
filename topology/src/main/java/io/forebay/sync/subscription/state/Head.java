package io.forebay.sync.subscription.state;

/**
 * What there is once of a subscriber.
 *
 * @param outstanding interests that no place has answered yet
 * @param renewedAt log time at which leases were renewed, in milliseconds since the epoch
 * @param dueAt log time at which a lease may end; {@link Long#MAX_VALUE} for never
 */
public record Head(int outstanding, long renewedAt, long dueAt) {

    /** Of who is not known. */
    public static final Head NOBODY = new Head(0, 0, Long.MAX_VALUE);

    /** With another number of outstanding interests. */
    public Head withOutstanding(int number) {
        return new Head(number, renewedAt, dueAt);
    }

    /** With leases renewed. */
    public Head withRenewedAt(long time) {
        return new Head(outstanding, time, dueAt);
    }

    /** With leases that may end at another time. */
    public Head withDueAt(long time) {
        return new Head(outstanding, renewedAt, time);
    }

    byte[] encode() {
        return new CellWriter()
                .number(outstanding)
                .number(renewedAt)
                .number(dueAt)
                .toBytes();
    }

    static Head decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        return new Head((int) from.number(), from.number(), from.number());
    }
}
