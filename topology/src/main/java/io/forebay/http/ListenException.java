package io.forebay.http;

/** The server cannot listen where it is told to, for example because the port is taken. */
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenException(String host, int port, Throwable cause) {
        super("cannot listen on " + host + " port " + port + ": " + cause.getMessage(), cause);
    }
}
