package io.forebay.sync.association.state;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much is known of a transaction.
 *
 * @param keptUntil log time until which it is waited for the rest, in milliseconds since the epoch
 * @param rows how many rows it has
 * @param counted how many of their changes were heard of
 * @param told partitions of subscribers that were told of them
 */
public record CountedTransaction(long keptUntil, int rows, int counted, Set<Integer> told) {

    private static final byte FORMAT = 1;

    /** One of which nothing was heard. */
    public static CountedTransaction of(int rows, long keptUntil) {
        return new CountedTransaction(keptUntil, rows, 0, Set.of());
    }

    /** One more change was heard of. */
    public CountedTransaction withChange(Collection<Integer> partitions) {
        Set<Integer> all = new TreeSet<>(told);
        all.addAll(partitions);
        return new CountedTransaction(keptUntil, rows, counted + 1, all);
    }

    /** Whether all changes were heard of. */
    public boolean isWhole() {
        return counted >= rows;
    }

    byte[] encode() {
        FieldsOut out =
                new FieldsOut().putByte(FORMAT).putLong(keptUntil).putInt(rows).putInt(counted);
        told.forEach(out::putInt);
        return out.toBytes();
    }

    static CountedTransaction decode(byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        long keptUntil = in.takeLong();
        int rows = in.takeInt();
        int counted = in.takeInt();
        Set<Integer> told = new TreeSet<>();
        while (in.hasMore()) {
            told.add(in.takeInt());
        }
        return new CountedTransaction(keptUntil, rows, counted, told);
    }

    static long keptUntil(byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        return in.takeLong();
    }
}
