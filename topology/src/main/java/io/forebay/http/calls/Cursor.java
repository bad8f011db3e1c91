package io.forebay.http.calls;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: after a place in its order, which may be one where nothing is. No write moves an entry, so writes
 * between two pages add and remove entries, but never skip or repeat one that stays.
 */
public final class Cursor {
    private static final byte VERSION = 1;

    private Cursor() {}

    /** The cursor of a place. */
    public static String write(byte[] place) {
        byte[] bytes = new byte[1 + place.length];
        bytes[0] = VERSION;
        System.arraycopy(place, 0, bytes, 1, place.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The place of the request's {@code cursor}, or null where it has none; whether it is one is for the caller to say. */
    public static byte @Nullable [] read(Request request) {
        String cursor = request.parameter("cursor");
        if (cursor == null) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw refused();
        }
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }

    /** The refusal of a cursor that was not made here. */
    public static RuntimeException refused() {
        return Problem.invalid("cursor", "must be the next of an earlier page").exception();
    }
}
