package io.forebay.http.calls;

import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.http.FieldProblem;
import io.forebay.http.Problem;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Refusals of commands as problems, the same whether HTTP finds out or the partition's writer decides. */
public final class Refusals {
    private Refusals() {}

    /** A check that may refuse. */
    @FunctionalInterface
    public interface Check<T> {
        /** Gives what was checked. */
        T run() throws RefusedException;
    }

    /** What the check gives; a refusal becomes its problem. */
    public static <T> T checked(Check<T> check) {
        try {
            return check.run();
        } catch (RefusedException e) {
            throw problem(e).exception();
        }
    }

    /** A refusal as a problem. */
    public static Problem problem(RefusedException refused) {
        return problem(Outcome.refused(refused));
    }

    /** A refused outcome as a problem. */
    public static Problem problem(Outcome refused) {
        String title = refused.status() == 412 ? "The condition does not hold" : "The request is refused";
        List<String> details = new ArrayList<>();
        List<FieldProblem> errors = new ArrayList<>();
        for (Violation violation : refused.violations()) {
            String field = violation.field();
            if (field == null) {
                details.add(violation.rule());
            } else {
                errors.add(new FieldProblem(field, violation.rule()));
            }
        }
        return new Problem(
                refused.status(),
                String.valueOf(refused.code()),
                title,
                details.isEmpty() ? null : String.join("; ", details),
                errors,
                Map.of(),
                members(refused));
    }

    private static Map<String, String> members(Outcome refused) {
        if (refused.body().length == 0) {
            return Map.of();
        }
        Map<String, String> members = new HashMap<>();
        JsonObject.parse(refused.text())
                .members()
                .forEach(member -> members.put(member.name(), member.value().raw()));
        return members;
    }

    /** 413 of a member. */
    public static RuntimeException tooLarge(String field, int max) {
        return problem(new RefusedException(413, "too_large", field, "at most " + max + " bytes"))
                .exception();
    }
}
