package io.forebay.presence.http;

import io.forebay.http.Problem;
import io.forebay.presence.state.PresenceKeys;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: after an address. The order of addresses is the order of the list and no write moves one, so
 * writes between two pages add and remove presences, but never skip or repeat one that stays.
 */
final class PresenceCursor {
    private static final byte VERSION = 1;

    private PresenceCursor() {}

    static String write(byte[] address) {
        byte[] bytes = new byte[1 + address.length];
        bytes[0] = VERSION;
        System.arraycopy(address, 0, bytes, 1, address.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte @Nullable [] read(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == 1 + PresenceKeys.ADDRESS_BYTES && bytes[0] == VERSION) {
                return Arrays.copyOfRange(bytes, 1, bytes.length);
            }
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        throw refused();
    }

    private static RuntimeException refused() {
        return Problem.invalid("cursor", "must be the next of an earlier page").exception();
    }
}
