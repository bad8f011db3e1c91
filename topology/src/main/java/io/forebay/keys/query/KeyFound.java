package io.forebay.keys.query;

import io.forebay.keys.state.StoredKey;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link GetKey}.
 *
 * @param value every byte of the value; null when there is none, or it has expired
 * @param contentType its media type; null when there is none
 * @param version offset of the command that stored it: its entity tag; -1 when there is none
 * @param expiresAt from when on it is gone, in milliseconds since the epoch; null for never
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from the store to the response; nothing compares it
public record KeyFound(
        byte @Nullable [] value,
        @Nullable String contentType,
        long version,
        @Nullable Long expiresAt) {

    static final KeyFound NONE = new KeyFound(null, null, -1, null);

    static KeyFound of(@Nullable StoredKey record) {
        return record == null
                ? NONE
                : new KeyFound(record.value(), record.contentType(), record.version(), expiresAt(record));
    }

    static @Nullable Long expiresAt(StoredKey record) {
        return record.expiresAt() == StoredKey.NEVER ? null : record.expiresAt();
    }
}
