package io.forebay.cli;

import java.nio.file.Path;

/** A file that a command was given and cannot use. */
final class FileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FileException(Path file, String why, Throwable cause) {
        super(file + " " + why, cause);
    }
}
