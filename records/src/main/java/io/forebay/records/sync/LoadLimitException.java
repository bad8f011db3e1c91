package io.forebay.records.sync;

/** Loading would take more rows than is allowed. */
public final class LoadLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A load that would take more than this many rows. */
    public LoadLimitException(int limit) {
        super("loading takes more than " + limit + " rows", null, false, false);
    }
}
