package io.forebay.command;

import io.forebay.schemas.json.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A command that cannot be carried out: the reason's stable code, the member at fault where one is, and the rule in
 * words. Carries no values of the command. It has no stack trace, since it is an answer and not a fault.
 */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String field;

    /**
     * A refusal.
     *
     * @param status the HTTP status that says the same, 4xx
     * @param code stable code, such as {@code invalid}
     * @param field JSON pointer or name of the member at fault, or null when it is the command as a whole
     * @param rule what would have been right
     */
    public RefusedException(int status, String code, @Nullable String field, String rule) {
        super(rule, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
    }

    /** A command whose member breaks a rule: 400 {@code invalid}. */
    public static RefusedException invalid(@Nullable String field, String rule) {
        return new RefusedException(400, "invalid", field, rule);
    }

    /** A text that is no JSON, or breaks a limit; the code is the JSON reason. */
    public static RefusedException of(JsonSyntaxException e) {
        int status = e.reason() == JsonSyntaxException.Reason.TOO_LARGE ? 413 : 400;
        return new RefusedException(status, e.reason().code(), e.pointer(), String.valueOf(e.getMessage()));
    }

    /** The same refusal, of a member of something larger: the pointer goes in front of the field. */
    public RefusedException below(String pointer) {
        return new RefusedException(status, code, field == null ? pointer : pointer + field, rule());
    }

    /** The HTTP status that says the same. */
    public int status() {
        return status;
    }

    /** Stable code of the reason. */
    public String code() {
        return code;
    }

    /** The member at fault, or null. */
    public @Nullable String field() {
        return field;
    }

    /** The rule in words. */
    public String rule() {
        return String.valueOf(getMessage());
    }
}
