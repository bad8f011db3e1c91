package io.forebay.deploy;

import org.jspecify.annotations.Nullable;

/**
 * A start that cannot go on for a reason that the person who started the program can mend: a taken port, a data
 * directory in use, an unwritable disk. The message is one sentence or two that stand without a stack trace.
 */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure to start.
     *
     * @param message what is wrong and what to do about it, for the terminal
     */
    public StartException(String message) {
        super(message);
    }

    /**
     * A failure to start with what caused it.
     *
     * @param message what is wrong and what to do about it, for the terminal
     * @param cause what was thrown; shown only where stack traces are asked for
     */
    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
