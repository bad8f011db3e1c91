package io.forebay.presence.state;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A presence as it is stored: {@code [status code 1][version 8][JSON as received, UTF-8]}. The status stands in front so
 * that indexing need not parse.
 *
 * @param status code of the status member
 * @param version source offset of the command that gave it this value; its entity tag
 * @param json the presence's JSON
 */
@SuppressWarnings("ArrayRecordComponent") // compared by value of its JSON where it is compared
public record StoredPresence(StatusCode status, long version, byte[] json) {

    private static final int HEAD = 9;

    /** What is stored was checked against the limits of its time; those of today do not make it unreadable. */
    private static final JsonLimits STORED = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);

    /** A presence with the status that its JSON has. */
    public static StoredPresence of(JsonObject json, long version) {
        return new StoredPresence(StatusCode.of(json), version, json.bytes());
    }

    /** The presence as an object. */
    public JsonObject object() {
        return JsonObject.parse(json, STORED);
    }

    /** The JSON as text. */
    public String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** The stored form. */
    public byte[] encode() {
        return ByteBuffer.allocate(HEAD + json.length)
                .put(status.code())
                .putLong(version)
                .put(json)
                .array();
    }

    /** Reads the stored form. */
    public static StoredPresence decode(byte[] payload) {
        return new StoredPresence(
                status(payload),
                ByteBuffer.wrap(payload).getLong(1),
                Arrays.copyOfRange(payload, HEAD, payload.length));
    }

    static StatusCode status(byte[] payload) {
        return StatusCode.ofCode(payload[0]);
    }

    StoredPresence withVersion(long other) {
        return new StoredPresence(status, other, json);
    }
}
