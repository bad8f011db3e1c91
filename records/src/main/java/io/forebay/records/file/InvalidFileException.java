package io.forebay.records.file;

import java.util.List;
import java.util.stream.Collectors;

/** A file that cannot be used: all that is wrong with it, at once. */
public final class InvalidFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<FileProblem> problems;

    /** At least one problem. */
    public InvalidFileException(List<FileProblem> problems) {
        super(problems.stream().map(FileProblem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with its place. */
    public List<FileProblem> problems() {
        return problems;
    }
}
