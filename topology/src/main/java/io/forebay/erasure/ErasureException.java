package io.forebay.erasure;

import io.forebay.command.Outcome;

/** An erasure that was refused, or not decided in time. Its message is for people and holds nothing of a value. */
public final class ErasureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ErasureException(String message) {
        super(message);
    }

    /** Fails when an erasure was refused. */
    static void checkDecided(String what, Outcome outcome) {
        if (outcome.isRefused()) {
            throw new ErasureException("%s is refused: %s, %s".formatted(what, outcome.code(), outcome.rules()));
        }
    }
}
