package io.forebay.sync.association.state;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much is known of a transaction.
 *
 * @param keptUntil log time until which it is waited for the rest, in milliseconds since the epoch
 * @param isLate whether the rest is waited for once more
 * @param rows how many rows it has
 * @param counted how many of their changes were heard of
 * @param told partitions of subscribers that were told of them
 */
public record CountedTransaction(long keptUntil, boolean isLate, int rows, int counted, Set<Integer> told) {

    private static final byte FORMAT = 1;

    /** One of which nothing was heard. */
    public static CountedTransaction of(int rows) {
        return new CountedTransaction(0, false, rows, 0, Set.of());
    }

    /** One more change was heard of. */
    public CountedTransaction withChange(Collection<Integer> partitions, long until) {
        Set<Integer> all = new TreeSet<>(told);
        all.addAll(partitions);
        return new CountedTransaction(until, false, rows, counted + 1, all);
    }

    /** The rest is waited for once more. */
    public CountedTransaction late(long until) {
        return new CountedTransaction(until, true, rows, counted, told);
    }

    /** Whether all changes were heard of. */
    public boolean isWhole() {
        return counted >= rows;
    }

    byte[] encode() {
        FieldsOut out = new FieldsOut()
                .putByte(FORMAT)
                .putLong(keptUntil)
                .putByte((byte) (isLate ? 1 : 0))
                .putInt(rows)
                .putInt(counted);
        told.forEach(out::putInt);
        return out.toBytes();
    }

    static CountedTransaction decode(byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        long keptUntil = in.takeLong();
        boolean isLate = in.takeByte() != 0;
        int rows = in.takeInt();
        int counted = in.takeInt();
        Set<Integer> told = new TreeSet<>();
        while (in.hasMore()) {
            told.add(in.takeInt());
        }
        return new CountedTransaction(keptUntil, isLate, rows, counted, told);
    }

    static long keptUntil(byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        return in.takeLong();
    }
}
