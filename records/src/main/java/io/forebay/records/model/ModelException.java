package io.forebay.records.model;

import java.util.List;
import java.util.stream.Collectors;

/** A model that cannot be used: all that is wrong with it, at once. */
public final class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ModelProblem> problems;

    /** At least one problem. */
    ModelException(List<ModelProblem> problems) {
        super(problems.stream().map(ModelProblem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with its place. */
    public List<ModelProblem> problems() {
        return problems;
    }
}
