package io.forebay.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be started with: all that is wrong with it, at once. */
public final class InvalidConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** At least one problem. */
    public InvalidConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the keys. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
