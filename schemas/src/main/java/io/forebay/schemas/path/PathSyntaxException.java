package io.forebay.schemas.path;

/** A text or list of parts that is not a path, or is one in a form that is not canonical. */
public final class PathSyntaxException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Which rule of the notation was broken. */
    public enum Reason {
        /** A path has at least one part. */
        EMPTY("a path has at least one part"),
        /** A byte that must be percent-encoded stands as it is. */
        UNENCODED("a character that must be percent-encoded is not"),
        /** An unreserved character is percent-encoded. */
        NEEDLESS_ENCODING("an unreserved character is percent-encoded"),
        /** Hex digits of a percent-encoding are lower case. */
        LOWER_CASE_HEX("the hex digits of a percent-encoding are lower case"),
        /** A percent sign without two hex digits after it. */
        INCOMPLETE_ENCODING("a percent sign is not followed by two hex digits"),
        /** The bytes of a part are not UTF-8. */
        INVALID_UTF8("the bytes of a part are not UTF-8"),
        /** A part holds half of a surrogate pair, which has no UTF-8 form. */
        LONE_SURROGATE("a part holds a lone surrogate"),
        /** The JSON form is an array of strings (of match elements for a match). */
        INVALID_JSON("the JSON form is an array of parts"),
        /** A wildcard where none may stand. */
        MISPLACED_WILDCARD("only a whole part can be a wildcard, and ** only the last one");

        private final String rule;

        Reason(String rule) {
            this.rule = rule;
        }

        /** The rule in words, for messages. */
        public String rule() {
            return rule;
        }
    }

    private final Reason reason;

    PathSyntaxException(Reason reason) {
        super(reason.rule());
        this.reason = reason;
    }

    /** Which rule was broken. The message never holds the key itself: keys can be secrets. */
    public Reason reason() {
        return reason;
    }
}
