package io.forebay.remote;

/** A Forebay that does not answer, or not what was asked for. The message is for the terminal and names the URL. */
public final class RemoteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what is wrong, without a full stop
     */
    public RemoteException(String message) {
        super(message);
    }

    /**
     * A failure with what caused it.
     *
     * @param message what is wrong, without a full stop
     * @param cause what was thrown; shown only where stack traces are asked for
     */
    public RemoteException(String message, Throwable cause) {
        super(message, cause);
    }
}
