package io.forebay.sync.association.state;

import java.util.Set;
import java.util.TreeSet;

/**
 * How far it is with a change of which not everybody is known yet whom it concerns, or told.
 *
 * @param expected how many partitions are to answer; -1 while the change itself has not come
 * @param answered how many have
 * @param parts in how many parts those are stored whom it concerns
 * @param concerned how many they are
 * @param passes how many times some of them were told
 * @param next ref of the record's next change that waits; -1 where there is none
 * @param told partitions of subscribers that were told
 */
public record Gathered(int expected, int answered, int parts, int concerned, int passes, long next, Set<Integer> told) {

    private static final byte FORMAT = 1;

    /** Of a change of which nothing has come. */
    public static final Gathered NOTHING = new Gathered(-1, 0, 0, 0, 0, -1, Set.of());

    /** The change itself has come. */
    public Gathered expecting(int answers) {
        return new Gathered(answers, answered, parts, concerned, passes, next, told);
    }

    /** One more partition has answered. */
    public Gathered withAnswer() {
        return new Gathered(expected, answered + 1, parts, concerned, passes, next, told);
    }

    Gathered withPart(int size) {
        return new Gathered(expected, answered, parts + 1, concerned + size, passes, next, told);
    }

    Gathered before(long ref) {
        return new Gathered(expected, answered, parts, concerned, passes, ref, told);
    }

    /** Whether the change itself has come. */
    public boolean hasCome() {
        return expected >= 0;
    }

    /** Some more were told. */
    public Gathered withTold(Set<Integer> partitions) {
        Set<Integer> all = new TreeSet<>(told);
        all.addAll(partitions);
        return new Gathered(expected, answered, parts, concerned, passes + 1, next, all);
    }

    /** Whether it is known of everybody whether it concerns him. */
    public boolean isComplete() {
        return hasCome() && answered >= expected;
    }

    byte[] encode() {
        FieldsOut out = new FieldsOut()
                .putByte(FORMAT)
                .putInt(expected)
                .putInt(answered)
                .putInt(parts)
                .putInt(concerned)
                .putInt(passes)
                .putLong(next);
        told.forEach(out::putInt);
        return out.toBytes();
    }

    static Gathered decode(byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        int expected = in.takeInt();
        int answered = in.takeInt();
        int parts = in.takeInt();
        int concerned = in.takeInt();
        int passes = in.takeInt();
        long next = in.takeLong();
        Set<Integer> told = new TreeSet<>();
        while (in.hasMore()) {
            told.add(in.takeInt());
        }
        return new Gathered(expected, answered, parts, concerned, passes, next, told);
    }
}
