package io.forebay.cache.loader;

/** That a value could not be loaded. Tells why without anything of what the origin said; it has no stack trace. */
public final class LoadFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The origin could not be reached or answered something else than a value. */
        FAILED,
        /** It did not answer in time. */
        TIMEOUT,
        /** As many loads are under way as there may be. */
        OVERLOADED
    }

    private final Reason reason;

    /** A failure, with what happened in words. */
    public LoadFailedException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** What happened, in words. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
