package io.forebay.routing;

/** The instance that would have answered has as many scans waiting as it accepts. A later try may find room. */
public final class OverloadedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message);
    }
}
