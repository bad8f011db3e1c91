package io.forebay.http;

/**
 * The most that the server takes in and holds, in bytes where nothing else is said.
 *
 * @param target the request line
 * @param headers all headers of one request
 * @param body the body of a call that has no limit of its own
 * @param buffered the bodies of all requests in progress together
 * @param streamBuffer what an event stream holds for a caller that reads slowly
 * @param streams number of event streams open at once
 */
public record HttpLimits(int target, int headers, long body, long buffered, int streamBuffer, int streams) {

    /** What holds where nothing is configured. */
    public static HttpLimits defaults() {
        return new HttpLimits(8 * 1024, 16 * 1024, 1024 * 1024, 512L * 1024 * 1024, 256 * 1024, 1_000_000);
    }
}
