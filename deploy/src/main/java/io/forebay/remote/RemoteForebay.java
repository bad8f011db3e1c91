package io.forebay.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A Forebay that runs elsewhere. A request is repeated for a bounded while as long as there is no answer, or one that says that
 * there will be: so it must be one that may be carried out twice. A 202 to an append says no more than that it is in the log; the
 * repetition, which is behind it there, is told what became of it.
 *
 * <p>Before it has answered for the first time only its answers are a reason to repeat: whoever has mistyped its URL is told at once.
 */
public final class RemoteForebay {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final Set<Integer> NOT_YET = Set.of(202, 408, 429, 502, 503, 504);

    private final String url;
    private final @Nullable String token;
    private final Duration patience;
    private final Consumer<String> notes;
    private final HttpClient http;
    private boolean known;

    /**
     * A Forebay.
     *
     * @param url where it is: {@code http} or {@code https}, host, port, and what may stand in front of its paths
     * @param token the bearer token, null for none
     * @param patience for how long a request is repeated
     * @param notes is told when that begins
     */
    public RemoteForebay(URI url, @Nullable String token, Duration patience, Consumer<String> notes) {
        String text = url.toString();
        this.url = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.token = token;
        this.patience = patience;
        this.notes = notes;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .build();
    }

    /** Where it is. */
    public String url() {
        return url;
    }

    /**
     * Reads.
     *
     * @param target path and query, percent-encoded
     * @throws RemoteException when there is no answer in time
     */
    public Reply get(String target) throws InterruptedException {
        return send(request(target).GET().build());
    }

    /**
     * Writes what may be written twice.
     *
     * @param target the path, percent-encoded
     * @param json the body
     * @throws RemoteException when there is no answer in time
     */
    public Reply post(String target, byte[] json) throws InterruptedException {
        return send(request(target)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json))
                .build());
    }

    private HttpRequest.Builder request(String target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + target));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private Reply send(HttpRequest request) throws InterruptedException {
        long begun = System.nanoTime();
        long pause = FIRST_PAUSE_MS;
        while (true) {
            String reason;
            long asked = 0;
            try {
                Reply reply = once(request);
                known = true;
                if (!NOT_YET.contains(reply.status())) {
                    return reply;
                }
                reason = "answers " + (reply.status() == 202 ? "202: not decided yet" : reply.refusal());
                asked = retryAfterMs(reply);
            } catch (IOException e) {
                reason = "does not answer: " + reason(e);
                if (!known || e instanceof SSLException) {
                    throw new RemoteException(url + " " + reason, e);
                }
            }
            long left = patience.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            if (left <= 0) {
                throw new RemoteException(url + " " + reason + "; given up after " + patience.toSeconds() + " s");
            }
            if (pause == FIRST_PAUSE_MS) {
                notes.accept(url + " " + reason + "; trying again for " + patience.toSeconds() + " s");
            }
            Thread.sleep(Math.min(left, Math.max(pause, asked)));
            pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
    }

    private Reply once(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(url, response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("nothing within " + ANSWER_WITHIN.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    private static long retryAfterMs(Reply reply) {
        String seconds = reply.header("Retry-After");
        return seconds.matches("[0-9]{1,4}") ? TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)) : 0;
    }

    private static String reason(IOException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof UnresolvedAddressException) {
            return "its name is not known";
        }
        if (root.getMessage() == null) {
            return failure instanceof ConnectException
                    ? "connection refused"
                    : root.getClass().getSimpleName();
        }
        return root.getMessage();
    }
}
