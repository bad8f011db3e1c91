package io.forebay.cache.loader;

import java.util.List;

/**
 * What a loader brought.
 *
 * @param value every byte of the value
 * @param contentType its media type
 * @param tags under which the entry can be invalidated beside its key
 */
@SuppressWarnings(
        "ArrayRecordComponent") // carries bytes from the source to the log and the response; nothing compares it
public record Loaded(byte[] value, String contentType, List<String> tags) {

    public Loaded {
        tags = List.copyOf(tags);
    }
}
