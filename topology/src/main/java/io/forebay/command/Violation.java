package io.forebay.command;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule that a command breaks.
 *
 * @param field JSON pointer or name of the member at fault, or null when it is the command as a whole
 * @param rule what would have been right; holds no values of the command
 */
public record Violation(@Nullable String field, String rule) {

    /** The same violation, of a member of something larger: the pointer goes in front of the field. */
    Violation below(String pointer) {
        return new Violation(field == null ? pointer : pointer + field, rule);
    }

    /** All that is wrong in words: of one violation its rule, of several each with its member. */
    static String inWords(List<Violation> violations) {
        return violations.size() == 1
                ? violations.get(0).rule()
                : violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return field == null ? rule : field + ": " + rule;
    }
}
