package io.forebay.sync.subscription.state;

/**
 * What a subscriber knows of a record that he follows.
 *
 * @param ref of the last change that he was told
 * @param memberships at how many places he follows it
 */
public record Known(long ref, int memberships) {

    /** Nothing yet. */
    public static final Known NOTHING = new Known(-1, 0);

    byte[] encode() {
        return new CellWriter().number(ref).number(memberships).toBytes();
    }

    static Known decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        return new Known(from.number(), (int) from.number());
    }
}
