package io.forebay.records.watch;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer where, as a JSON Pointer (RFC 6901) into what was given
 * @param problem what, and what is allowed
 */
public record WatchProblem(String pointer, String problem) {

    /** Of a problem with an element of a list, the place of the element; 0 for the list itself. */
    int place() {
        String[] steps = pointer.split("/", 3);
        return steps.length < 2 ? 0 : Integer.parseInt(steps[1]);
    }

    @Override
    public String toString() {
        return pointer.isEmpty() ? problem : pointer + ": " + problem;
    }
}
