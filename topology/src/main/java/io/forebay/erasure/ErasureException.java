package io.forebay.erasure;

/** An erasure that was refused, or not decided in time. Its message is for people and holds nothing of a value. */
public final class ErasureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ErasureException(String message) {
        super(message);
    }
}
