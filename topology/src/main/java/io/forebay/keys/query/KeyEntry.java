package io.forebay.keys.query;

import org.jspecify.annotations.Nullable;

/**
 * One key of a list.
 *
 * @param key its canonical path, namespace included
 * @param value every byte of the value
 * @param contentType its media type
 * @param version its entity tag
 * @param expiresAt from when on it is gone, in milliseconds since the epoch; null for never
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from the store to the response; nothing compares it
public record KeyEntry(
        String key,
        byte[] value,
        String contentType,
        long version,
        @Nullable Long expiresAt) {}
