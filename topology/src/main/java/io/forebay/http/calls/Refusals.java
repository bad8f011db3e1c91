package io.forebay.http.calls;

import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.http.FieldProblem;
import io.forebay.http.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        return problem(refused.status(), refused.code(), refused.field(), refused.rule());
    }

    /** A refused outcome as a problem. */
    public static Problem problem(Outcome refused) {
        return problem(refused.status(), String.valueOf(refused.code()), refused.field(), refused.text());
    }

    /** 413 of a member. */
    public static RuntimeException tooLarge(String field, int max) {
        return problem(413, "too_large", field, "at most " + max + " bytes").exception();
    }

    private static Problem problem(int status, String code, @Nullable String field, String rule) {
        String title = status == 412 ? "The condition does not hold" : "The request is refused";
        return field == null
                ? Problem.of(status, code, title, rule)
                : new Problem(status, code, title, null, List.of(new FieldProblem(field, rule)), Map.of());
    }
}
