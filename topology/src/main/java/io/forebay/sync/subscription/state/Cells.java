package io.forebay.sync.subscription.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept, by key in byte order. What was written is read at once. */
public interface Cells {

    /** One of them. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to whoever decodes it; nothing compares it
    record Cell(byte[] key, byte[] value) {}

    /** What is under a key; null where nothing is. */
    byte @Nullable [] get(byte[] key);

    /** Writes. */
    void put(byte[] key, byte[] value);

    /** Deletes, if something is there. */
    void delete(byte[] key);

    /** All whose keys start so, in their order, as they are now: what is written later does not alter the list. */
    List<Cell> startingWith(byte[] prefix);
}
