package io.forebay.sync.rule;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.ErrorValue;
import dev.cel.runtime.CelEvaluationListener;
import java.util.List;
import java.util.Map;

/**
 * The work of one evaluation, and its end. Rules come from users over HTTP, and run where everybody's changes pass: what one of
 * them may take has to be known beforehand, whatever it says and whatever the row holds. The language has no recursion and no loop
 * but over a list, which leaves loops within loops, values that double at each step, and operations that take as long as
 * their operands are. So every expression counts when it has been evaluated: one step, and more the larger what it came to,
 * before the operation sees it for which it was evaluated. No value can be larger than twice what is left.
 *
 * <p>A step is some tens of nanoseconds up to half a microsecond. Of one thread, for one evaluation.
 */
final class RuleWork implements CelEvaluationListener {

    /** What an evaluation may take. */
    static final int MAX_STEPS = 50_000;

    /** As much of a value as is worth a step, in characters or bytes of its text. */
    static final int STEP_LENGTH = 64;

    /** Elements are gone through and compared one by one, texts all at once. */
    private static final int ELEMENTS_FACTOR = 8;

    /** An error that a later operand makes good was thrown all the same. */
    private static final int ERROR_STEPS = 20;

    private final Map<Long, Integer> factors;
    private int left = MAX_STEPS;

    /**
     * Work to be done.
     *
     * @param factors of expressions whose value costs its user more than reading it once, by the expression's number
     */
    RuleWork(Map<Long, Integer> factors) {
        this.factors = factors;
    }

    /** Too much work. No exception, since {@code ||} and {@code &&} make those good. */
    static final class Exceeded extends Error {

        private static final long serialVersionUID = 1L;

        private Exceeded() {
            super("the rule takes too much work", null, false, false);
        }
    }

    @Override
    public void callback(CelExpr expression, Object value) {
        take(1);
        if (value instanceof String text) {
            takeFor(text.length(), factor(expression));
        } else if (!(value instanceof Boolean)) {
            takeFor(value);
        }
    }

    private int factor(CelExpr expression) {
        return factors.isEmpty() ? 1 : factors.getOrDefault(expression.id(), 1);
    }

    private void takeFor(Object value) {
        if (value instanceof String text) {
            takeFor(text.length(), 1);
        } else if (value instanceof JsonMap map) {
            takeFor(map.length(), ELEMENTS_FACTOR);
        } else if (value instanceof JsonList list) {
            takeFor(list.length(), ELEMENTS_FACTOR);
        } else if (value instanceof List<?> list) {
            takeForAll(list);
        } else if (value instanceof Map<?, ?> map) {
            takeForAll(map.keySet());
            takeForAll(map.values());
        } else if (value instanceof ErrorValue) {
            take(ERROR_STEPS);
        }
    }

    /** What the rule itself put together: how large it is has to be looked for, which is work too. */
    private void takeForAll(Iterable<?> values) {
        for (Object value : values) {
            take(1);
            takeFor(value);
        }
    }

    private void takeFor(int length, int factor) {
        long steps = (long) length * factor / STEP_LENGTH;
        take(steps > left ? left + 1 : (int) steps);
    }

    private void take(int steps) {
        left -= steps;
        if (left < 0) {
            throw new Exceeded();
        }
    }
}
