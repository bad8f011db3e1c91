package io.forebay.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457) as the body of an answer that is an error. Programs tell problems apart by {@code code},
 * which never changes its meaning; {@code title} and {@code detail} are for people and hold no values of the request.
 *
 * @param status the HTTP status
 * @param code the stable name of the problem, for example {@code presence_not_found}
 * @param title what kind of problem it is, the same for every occurrence
 * @param detail what it is this time, or null
 * @param errors the fields at fault with the rule each breaks; empty where none is
 * @param headers headers that the answer carries beside the document, for example {@code Retry-After}
 * @param members further members of the document, each with its JSON: what a program needs to go on
 */
public record Problem(
        int status,
        String code,
        String title,
        @Nullable String detail,
        List<FieldProblem> errors,
        Map<String, String> headers,
        Map<String, String> members) {

    public Problem {
        errors = List.copyOf(errors);
        headers = Map.copyOf(headers);
        members = Map.copyOf(members);
    }

    /** A problem with no further members. */
    public Problem(
            int status,
            String code,
            String title,
            @Nullable String detail,
            List<FieldProblem> errors,
            Map<String, String> headers) {
        this(status, code, title, detail, errors, headers, Map.of());
    }

    /** A problem with no fields and no headers. */
    public static Problem of(int status, String code, String title, @Nullable String detail) {
        return new Problem(status, code, title, detail, List.of(), Map.of());
    }

    /** 400 {@code invalid}: the request names a field that breaks a rule. */
    public static Problem invalid(String field, String rule) {
        return invalid(List.of(new FieldProblem(field, rule)));
    }

    /** 400 {@code invalid}: the request names fields that break rules. */
    public static Problem invalid(List<FieldProblem> errors) {
        return new Problem(400, "invalid", "The request is invalid", null, errors, Map.of());
    }

    /** 503 with {@code Retry-After}. */
    public static Problem unavailable(String code, String title, @Nullable String detail, long retryAfterSeconds) {
        return new Problem(
                503, code, title, detail, List.of(), Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** The same problem with one more header. */
    public Problem withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Problem(status, code, title, detail, errors, more, members);
    }

    /** This problem as something to throw from a handler. */
    public ProblemException exception() {
        return new ProblemException(this);
    }
}
