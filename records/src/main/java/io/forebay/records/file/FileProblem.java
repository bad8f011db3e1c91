package io.forebay.records.file;

/**
 * One thing that is wrong with a file.
 *
 * @param pointer where, as a JSON Pointer (RFC 6901) into the file
 * @param problem what, and what is allowed
 */
public record FileProblem(String pointer, String problem) {

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "file" : pointer) + ": " + problem;
    }
}
