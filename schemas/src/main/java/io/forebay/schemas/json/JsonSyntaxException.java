package io.forebay.schemas.json;

/** JSON that is not accepted. The message tells rule and place, never a value. */
public final class JsonSyntaxException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_POINTER_LENGTH = 500;

    /** Which rule was broken. */
    public enum Reason {
        /** Not JSON as RFC 8259 defines it. */
        INVALID_JSON("invalid_json", "is not valid JSON"),
        /** JSON, but not an object. */
        NOT_AN_OBJECT("not_an_object", "is not a JSON object"),
        /** An object names a member twice. */
        DUPLICATE_MEMBER("duplicate_member", "is a duplicate member"),
        /** Objects and arrays nest too deep. */
        TOO_DEEP("too_deep", "nests too deep"),
        /** The text is too large. */
        TOO_LARGE("too_large", "is too large"),
        /** A string or name holds half of a surrogate pair, which has no UTF-8 form. */
        LONE_SURROGATE("lone_surrogate", "holds a lone surrogate"),
        /** A string or name holds the character U+0000. */
        NUL("nul", "holds the character U+0000"),
        /** The bytes are not UTF-8. */
        INVALID_UTF8("invalid_utf8", "is not valid UTF-8");

        private final String code;
        private final String rule;

        Reason(String code, String rule) {
            this.code = code;
            this.rule = rule;
        }

        /** The stable code, for problems and dead letters. */
        public String code() {
            return code;
        }
    }

    private final Reason reason;
    private final String pointer;

    JsonSyntaxException(Reason reason, String pointer) {
        super((pointer.isEmpty() ? "the document" : shortened(pointer)) + " " + reason.rule);
        this.reason = reason;
        this.pointer = shortened(pointer);
    }

    /** Which rule was broken. */
    public Reason reason() {
        return reason;
    }

    /** The place, as a JSON pointer (RFC 6901); empty for the whole document. Shortened when it is very long. */
    public String pointer() {
        return pointer;
    }

    private static String shortened(String pointer) {
        return pointer.length() <= MAX_POINTER_LENGTH ? pointer : pointer.substring(0, MAX_POINTER_LENGTH) + "…";
    }
}
