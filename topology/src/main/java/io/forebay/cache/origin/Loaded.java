package io.forebay.cache.origin;

/**
 * What an origin answered.
 *
 * @param value every byte of its body
 * @param contentType its media type
 */
@SuppressWarnings(
        "ArrayRecordComponent") // carries bytes from the origin to the log and the response; nothing compares it
public record Loaded(byte[] value, String contentType) {}
