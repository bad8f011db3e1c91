package io.forebay.http;

/** Ends the handling of a request with a problem. It carries no stack trace: it tells about a request, not about code. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** An exception that answers {@code problem}. */
    public ProblemException(Problem problem) {
        super(problem.code(), null, false, false);
        this.problem = problem;
    }

    /** The problem to answer. */
    public Problem problem() {
        return problem;
    }
}
