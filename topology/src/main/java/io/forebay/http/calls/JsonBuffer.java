package io.forebay.http.calls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A JSON document put together from pieces. What was received is spliced in as it is, never parsed and written anew. */
public final class JsonBuffer {
    private static final int INITIAL_BYTES = 1024;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_BYTES);

    /** Adds a piece of JSON. */
    public JsonBuffer text(String json) {
        return raw(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a piece of JSON in UTF-8. */
    public JsonBuffer raw(byte[] json) {
        out.writeBytes(json);
        return this;
    }

    /** The document. */
    public byte[] bytes() {
        return out.toByteArray();
    }
}
