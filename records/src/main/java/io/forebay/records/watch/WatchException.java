package io.forebay.records.watch;

import java.util.List;
import java.util.stream.Collectors;

/** A request about watchers that cannot be met: all that is wrong with it, at once. Nothing has changed by it. */
public final class WatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient List<WatchProblem> problems;

    /** What sort of thing is wrong. */
    public enum Kind {
        /** The request itself. */
        INVALID,
        /** There is no such watcher. */
        NOT_FOUND,
        /** It does not go with what is there: two watchers of one name, or no watchers defined yet. */
        CONFLICT
    }

    WatchException(Kind kind, List<WatchProblem> problems) {
        super(problems.stream().map(WatchProblem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.kind = kind;
        this.problems = List.copyOf(problems);
    }

    WatchException(Kind kind, String pointer, String problem) {
        this(kind, List.of(new WatchProblem(pointer, problem)));
    }

    /** What sort of thing is wrong; the gravest when there are several. */
    public Kind kind() {
        return kind;
    }

    /** What is wrong, in the order of the request. */
    public List<WatchProblem> problems() {
        return problems;
    }
}
