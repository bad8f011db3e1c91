package io.forebay.sync.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled rule: an expression of {@link RuleLanguage} that comes to true or false. What may be false of its types is told when it
 * is compiled; what only turns out on a row denies the row. Immutable and safe for use by many threads.
 */
public final class Rule {

    /** Longest text of a rule, in characters (code points). */
    public static final int MAX_LENGTH = 4_096;

    /** How far counted repetitions in a regular expression may add up. */
    private static final int MAX_REPETITIONS = 1_000;

    private static final int LONGEST_COUNT = 4;

    /** A repetition that follows a group would multiply what is in it, and groups nest. */
    private static final Pattern REPEATED_GROUP = Pattern.compile("\\)\\{[0-9]");

    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)(?:,([0-9]+))?");

    /** What is looked for takes part in the search, some places at a time. */
    private static final int CONTAINS_FACTOR = 16;

    private final CelRuntime.Program program;
    private final Map<Long, Integer> factors;

    private Rule(CelRuntime.Program program, Map<Long, Integer> factors) {
        this.program = program;
        this.factors = Map.copyOf(factors);
    }

    /**
     * Compiles a rule.
     *
     * @throws RuleException with the first thing that is wrong: what cannot be read, unknown names, types that do not go together, no
     *     boolean, more than may be
     */
    public static Rule compile(String source) {
        if (source.length() > 2 * MAX_LENGTH || source.codePointCount(0, source.length()) > MAX_LENGTH) {
            throw new RuleException("is longer than " + MAX_LENGTH + " characters");
        }
        CelValidationResult compiled = RuleLanguage.COMPILER.compile(source);
        if (compiled.hasError()) {
            throw of(compiled.getErrors().get(0));
        }
        try {
            CelAbstractSyntaxTree tree = compiled.getAst();
            Map<Long, Integer> factors = new HashMap<>();
            collect(tree.getExpr(), factors);
            return new Rule(RuleLanguage.RUNTIME.createProgram(tree), factors);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new RuleException("cannot be compiled");
        }
    }

    private static RuleException of(CelIssue issue) {
        CelSourceLocation place = issue.getSourceLocation();
        return place.getLine() < 1
                ? new RuleException(issue.getMessage())
                : new RuleException(place.getLine(), place.getColumn() + 1, issue.getMessage());
    }

    private static void collect(CelExpr expression, Map<Long, Integer> factors) {
        switch (expression.getKind()) {
            case SELECT -> collect(expression.select().operand(), factors);
            case CALL -> {
                collectCall(expression.call(), factors);
                expression.call().target().ifPresent(target -> collect(target, factors));
                expression.call().args().forEach(argument -> collect(argument, factors));
            }
            case LIST -> expression.list().elements().forEach(element -> collect(element, factors));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    collect(entry.key(), factors);
                    collect(entry.value(), factors);
                });
            case COMPREHENSION -> {
                collect(expression.comprehension().iterRange(), factors);
                collect(expression.comprehension().accuInit(), factors);
                collect(expression.comprehension().loopCondition(), factors);
                collect(expression.comprehension().loopStep(), factors);
                collect(expression.comprehension().result(), factors);
            }
            default -> {}
        }
    }

    private static void collectCall(CelExpr.CelCall call, Map<Long, Integer> factors) {
        List<CelExpr> arguments = call.args();
        CelExpr text = call.target().orElseGet(() -> arguments.get(0));
        if (call.function().equals("contains")) {
            factors.put(text.id(), CONTAINS_FACTOR);
        } else if (call.function().equals("matches")) {
            CelExpr pattern = arguments.get(arguments.size() - 1);
            if (pattern.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
                throw new RuleException("matches takes a regular expression that is written out");
            }
            int size = patternSize(pattern.constant());
            factors.put(text.id(), Math.max(1, size));
            factors.put(pattern.id(), RuleWork.STEP_LENGTH);
        }
    }

    /**
     * How large the machine of a regular expression is. The library makes it by writing out repetitions, and looks at its size when it
     * is made: what would grow beyond measure has to be seen before.
     */
    private static int patternSize(CelConstant constant) {
        String pattern = constant.stringValue();
        if (REPEATED_GROUP.matcher(pattern).find() || pattern.contains("\\Q")) {
            throw new RuleException("a regular expression has no counted repetition of a group, and no \\Q");
        }
        if (repetitions(pattern) > MAX_REPETITIONS) {
            throw new RuleException(
                    "a regular expression repeats " + MAX_REPETITIONS + " times at the most, all in all");
        }
        try {
            int size = Pattern.compile(pattern).programSize();
            if (size > RuleLanguage.MAX_PATTERN_SIZE) {
                throw new RuleException("the regular expression is too large");
            }
            return size;
        } catch (PatternSyntaxException e) {
            throw new RuleException("is no regular expression: " + e.getDescription());
        }
    }

    private static long repetitions(String pattern) {
        long sum = 0;
        Matcher repetitions = REPETITION.matcher(pattern);
        while (repetitions.find()) {
            sum += count(repetitions.group(1)) + count(repetitions.group(2));
        }
        return sum;
    }

    private static int count(@Nullable String digits) {
        if (digits == null) {
            return 0;
        }
        return digits.length() > LONGEST_COUNT ? MAX_REPETITIONS + 1 : Integer.parseInt(digits);
    }

    /** Asks it. */
    Verdict judge(Variables variables) {
        try {
            Object result = program.trace(variables, new RuleWork(factors));
            if (result instanceof Boolean allowed) {
                return allowed ? Verdict.ALLOWED : Verdict.DENIED;
            }
            return Verdict.FAILED;
        } catch (CelEvaluationException | RuleWork.Exceeded e) {
            return Verdict.FAILED;
        }
    }
}
