package io.forebay.schemas.json;

import com.google.common.base.Utf8;
import io.forebay.schemas.json.JsonSyntaxException.Reason;
import org.jspecify.annotations.Nullable;

/** What characters a string or a name may not hold. */
final class StringRules {

    private StringRules() {}

    /** The rule that the characters break; null when they break none. */
    static @Nullable Reason broken(CharSequence characters) {
        for (int i = 0; i < characters.length(); i++) {
            if (characters.charAt(i) == 0) {
                return Reason.NUL;
            }
        }
        return hasUtf8Form(characters) ? null : Reason.LONE_SURROGATE;
    }

    private static boolean hasUtf8Form(CharSequence text) {
        try {
            return Utf8.encodedLength(text) >= text.length();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
