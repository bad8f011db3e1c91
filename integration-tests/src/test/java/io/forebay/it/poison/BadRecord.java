package io.forebay.it.poison;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record that becomes a dead letter.
 *
 * @param line what is wrong with it, in the words of the table in docs/topics.md
 * @param name what exactly, where that is not all
 * @param key its key, null for none
 * @param beside how many partitions beside its key's it goes; it goes where the default partitioner says for 0
 * @param value its value, null for none
 * @param requestId header of a request id, null for none
 * @param reason of the dead letter
 */
@SuppressWarnings("ArrayRecordComponent") // a row of a table; nothing compares it
record BadRecord(
        String line,
        String name,
        byte @Nullable [] key,
        int beside,
        byte @Nullable [] value,
        @Nullable String requestId,
        String reason) {

    /** One of any key and value. */
    static BadRecord of(String line, String reason, @Nullable String key, byte @Nullable [] value) {
        return new BadRecord(
                line, "", key == null ? null : key.getBytes(StandardCharsets.UTF_8), 0, value, null, reason);
    }

    BadRecord named(String newName) {
        return new BadRecord(line, newName, key, beside, value, requestId, reason);
    }

    BadRecord beside(int partitions) {
        return new BadRecord(line, name, key, partitions, value, requestId, reason);
    }

    BadRecord under(String newRequestId) {
        return new BadRecord(line, name, key, beside, value, newRequestId, reason);
    }

    @Override
    public String toString() {
        return line + (name.isEmpty() ? "" : ": " + name);
    }
}
