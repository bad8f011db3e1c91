package io.forebay.sync.association.state;

import io.forebay.command.Decision;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a partition under decision that wait for answers, or for earlier changes of their records. Those of a record are a
 * list, each of which knows the next: whoever takes the first reads nothing of those that were there before it, not even that they are gone.
 */
public final class GatheringTable {

    /** The first and the last change of a record that wait. */
    private record Waiting(long first, long last) {

        byte[] encode() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(first)
                    .putLong(last)
                    .array();
        }

        static Waiting decode(byte[] encoded) {
            ByteBuffer buffer = ByteBuffer.wrap(encoded);
            return new Waiting(buffer.getLong(), buffer.getLong());
        }
    }

    private static @Nullable Waiting waiting(String record, Decision decision) {
        Stored stored = decision.get(PlaceKeys.waiting(record));
        return stored == null ? null : Waiting.decode(stored.payload());
    }

    /** Ref of a record's first change that waits; -1 where none does. */
    public long first(String record, Decision decision) {
        Waiting waiting = waiting(record, decision);
        return waiting == null ? -1 : waiting.first();
    }

    /** How far it is with a change; null where nothing has come of it. */
    public @Nullable Gathered find(String record, long ref, Decision decision) {
        Stored stored = decision.get(PlaceKeys.gathered(record, ref));
        return stored == null ? null : Gathered.decode(stored.payload());
    }

    private static Gathered get(String record, long ref, Decision decision) {
        return Gathered.decode(
                Objects.requireNonNull(decision.get(PlaceKeys.gathered(record, ref)), "a change that waits is stored")
                        .payload());
    }

    /** Stores how far it is. */
    public void put(String record, long ref, Gathered gathered, Decision decision) {
        decision.put(PlaceKeys.gathered(record, ref), gathered.encode());
    }

    /** Lets a change wait, behind those of its record that do. */
    public void add(ToldChange change, Gathered gathered, Decision decision) {
        String record = change.record();
        long ref = change.ref();
        Waiting waiting = waiting(record, decision);
        if (waiting != null) {
            put(record, waiting.last(), get(record, waiting.last(), decision).before(ref), decision);
        }
        decision.put(PlaceKeys.waiting(record), new Waiting(waiting == null ? ref : waiting.first(), ref).encode());
        // Both rows together may be more than a record of the changelog takes.
        decision.put(PlaceKeys.change(record, ref), change.withOldRow(null).encode());
        String oldRow = change.oldRow();
        if (oldRow != null) {
            decision.put(PlaceKeys.oldRow(record, ref), oldRow.getBytes(StandardCharsets.UTF_8));
        }
        put(record, ref, gathered, decision);
    }

    /** A change that waits. */
    public ToldChange change(String record, long ref, Decision decision) {
        Stored stored =
                Objects.requireNonNull(decision.get(PlaceKeys.change(record, ref)), "a change that waits is stored");
        Stored oldRow = decision.get(PlaceKeys.oldRow(record, ref));
        return ToldChange.decode(stored.payload())
                .withOldRow(oldRow == null ? null : new String(oldRow.payload(), StandardCharsets.UTF_8));
    }

    /** Stores whom a change concerns besides those who are known, and returns how far it is then; that is not stored. */
    public Gathered withParts(String record, long ref, Gathered to, List<List<Interest>> parts, Decision decision) {
        Gathered gathered = to;
        for (List<Interest> part : parts) {
            decision.put(PlaceKeys.part(record, ref, gathered.parts()), Interest.encodeAll(part));
            gathered = gathered.withPart(part.size());
        }
        return gathered;
    }

    /** All whom a change concerns. */
    public List<Interest> concerned(String record, long ref, Gathered gathered, Decision decision) {
        List<Interest> concerned = new ArrayList<>(gathered.concerned());
        for (int number = 0; number < gathered.parts(); number++) {
            Stored part = Objects.requireNonNull(
                    decision.get(PlaceKeys.part(record, ref, number)), "what was counted is stored");
            Interest.decodeAll(part.payload(), concerned);
        }
        return concerned;
    }

    /** Removes the first change of a record that waits. */
    public void removeFirst(String record, Gathered first, Decision decision) {
        Waiting waiting = Objects.requireNonNull(waiting(record, decision), "there is a first one");
        long ref = waiting.first();
        for (int number = 0; number < first.parts(); number++) {
            decision.delete(PlaceKeys.part(record, ref, number));
        }
        decision.delete(PlaceKeys.change(record, ref));
        decision.delete(PlaceKeys.oldRow(record, ref));
        decision.delete(PlaceKeys.gathered(record, ref));
        if (ref == waiting.last()) {
            decision.delete(PlaceKeys.waiting(record));
        } else {
            decision.put(PlaceKeys.waiting(record), new Waiting(first.next(), waiting.last()).encode());
        }
    }
}
