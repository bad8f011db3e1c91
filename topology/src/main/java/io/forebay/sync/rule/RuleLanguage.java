package io.forebay.sync.rule;

import dev.cel.common.CelOptions;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;

/**
 * The language of rules: the Common Expression Language with its standard functions and macros, numbers of different types
 * compared by value, and the variables of a rule. Compiler and evaluator are made when the first rule is.
 */
final class RuleLanguage {

    /** Expressions may nest this deep: parentheses, calls, selections and operators that follow each other all count. */
    private static final int MAX_DEPTH = 50;

    /** Elements that all loops of an evaluation go through together. */
    private static final int MAX_ITERATIONS = 1_000;

    /** Size of the machine that a regular expression becomes; time is proportional to it. */
    static final int MAX_PATTERN_SIZE = 500;

    /**
     * Longest text that {@code contains} looks for: the search may compare all of it at each place.
     */
    private static final int MAX_SOUGHT = 256;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(Rule.MAX_LENGTH)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(1)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxRegexProgramSize(MAX_PATTERN_SIZE)
            .build();

    static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("row", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("old", SimpleType.DYN)
            .addVar("event", SimpleType.STRING)
            .addVar("table", SimpleType.STRING)
            .addVar("claims", SimpleType.DYN)
            .setResultType(SimpleType.BOOL)
            .build();

    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .excludeFunctions(StandardFunction.CONTAINS)
                    .build())
            .addFunctionBindings(
                    CelFunctionBinding.from("contains_string", String.class, String.class, RuleLanguage::contains))
            .build();

    private RuleLanguage() {}

    private static boolean contains(String text, String sought) {
        if (sought.length() > MAX_SOUGHT) {
            throw new IllegalArgumentException("contains looks for " + MAX_SOUGHT + " characters at the most");
        }
        return text.contains(sought);
    }
}
