package io.forebay.app;

/** That an instance cannot start, with the reason in a sentence for whoever starts it. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public StartException(String reason) {
        super(reason);
    }

    /** With the reason and what it comes from. */
    public StartException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
