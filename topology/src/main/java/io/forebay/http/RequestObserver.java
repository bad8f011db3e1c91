package io.forebay.http;

/** Is told of every answered request. */
@FunctionalInterface
public interface RequestObserver {
    /**
     * A request was answered.
     *
     * @param method the method as received
     * @param template the route's template, {@code unknown} where none matched
     * @param status the HTTP status
     * @param nanos the time from the request's head to the end of the answer
     */
    void answered(String method, String template, int status, long nanos);
}
