package io.forebay.stream;

/** This instance serves as many streams as it is configured to; another one, or a later try, may have room. */
public final class TooManyStreamsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int limit;

    TooManyStreamsException(int limit) {
        super("this instance serves at most " + limit + " streams");
        this.limit = limit;
    }

    /** The configured number of streams. */
    public int limit() {
        return limit;
    }
}
