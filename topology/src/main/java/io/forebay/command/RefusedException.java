package io.forebay.command;

import io.forebay.schemas.json.JsonSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that cannot be carried out: the reason's stable code, and every rule that it breaks with the member at fault
 * where one is. Carries no values of the command. It has no stack trace, since it is an answer and not a fault.
 */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<Violation> violations;
    private final @Nullable String details;

    private RefusedException(int status, String code, @Nullable String details, List<Violation> violations) {
        super(Violation.inWords(violations), null, false, false);
        this.status = status;
        this.code = code;
        this.violations = List.copyOf(violations);
        this.details = details;
    }

    /**
     * A refusal for one reason.
     *
     * @param status the HTTP status that says the same, 4xx
     * @param code stable code, such as {@code invalid}
     * @param field JSON pointer or name of the member at fault, or null when it is the command as a whole
     * @param rule what would have been right
     */
    public RefusedException(int status, String code, @Nullable String field, String rule) {
        this(status, code, null, List.of(new Violation(field, rule)));
    }

    /**
     * A refusal for several reasons.
     *
     * @param status the HTTP status that says the same, 4xx
     * @param code stable code, such as {@code invalid}
     * @param violations what is wrong, at least one
     * @param details what else there is to tell, a JSON object; null for nothing
     */
    public static RefusedException of(int status, String code, List<Violation> violations, @Nullable String details) {
        return new RefusedException(status, code, details, violations);
    }

    /** A command whose member breaks a rule: 400 {@code invalid}. */
    public static RefusedException invalid(@Nullable String field, String rule) {
        return new RefusedException(400, "invalid", field, rule);
    }

    /** A command that breaks rules: 400 {@code invalid}. */
    public static RefusedException invalid(List<Violation> violations) {
        return of(400, "invalid", violations, null);
    }

    /** A text that is no JSON, or breaks a limit; the code is the JSON reason. */
    public static RefusedException of(JsonSyntaxException e) {
        int status = e.reason() == JsonSyntaxException.Reason.TOO_LARGE ? 413 : 400;
        return new RefusedException(status, e.reason().code(), e.pointer(), String.valueOf(e.getMessage()));
    }

    /** The same refusal, of a member of something larger: the pointer goes in front of the fields. */
    public RefusedException below(String pointer) {
        return of(
                status,
                code,
                violations.stream().map(violation -> violation.below(pointer)).toList(),
                details);
    }

    /** The HTTP status that says the same. */
    public int status() {
        return status;
    }

    /** Stable code of the reason. */
    public String code() {
        return code;
    }

    /** What is wrong, at least one. */
    public List<Violation> violations() {
        return violations;
    }

    /** What else there is to tell, a JSON object; null for nothing. */
    public @Nullable String details() {
        return details;
    }

    /** The member at fault, or null; the first one where there are several. */
    public @Nullable String field() {
        return violations.get(0).field();
    }

    /** The rule in words; all of them where there are several, each with its member. */
    public String rule() {
        return String.valueOf(getMessage());
    }
}
