package io.forebay.records.model;

/**
 * One thing that is wrong with a model.
 *
 * @param pointer where, as a JSON Pointer (RFC 6901) into the file
 * @param problem what, and what is allowed
 */
public record ModelProblem(String pointer, String problem) {

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "model" : pointer) + ": " + problem;
    }
}
