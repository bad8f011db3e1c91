package io.forebay.routing;

/** The owner found the query wanting or failed at it. Asking again would not help. */
public final class QueryFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueryFailedException(String message) {
        super(message);
    }

    QueryFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
