package io.forebay.cache.origin;

import io.forebay.cache.origin.LoadFailedException.Reason;
import io.forebay.command.RefusedException;
import io.forebay.keys.KeyLimits;
import io.forebay.schemas.path.Path;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Loads values from the HTTP origins of caches. A load is one GET of the origin's URL with the parts of the entry's key behind
 * it, and only 200 is a value. It follows no redirects: which hosts are asked is for the configuration alone to say.
 *
 * <p>What hangs must not pile up: a load has a time for everything, its body included, and there is a number of loads beyond
 * which one is refused at once rather than queued.
 */
public final class Origins {
    private static final String BYTES = "application/octet-stream";

    private final Map<String, URI> origins;
    private final Duration timeout;
    private final int valueMaxBytes;
    private final Semaphore free;
    private final HttpClient client;

    /**
     * The origins of caches.
     *
     * @param origins by the cache's name; each an absolute URL that ends with a slash
     * @param timeout how long a load may take
     * @param mostLoads under way at a time
     * @param valueMaxBytes of one value
     */
    public Origins(Map<String, URI> origins, Duration timeout, int mostLoads, int valueMaxBytes) {
        this.origins = Map.copyOf(origins);
        this.timeout = timeout;
        this.valueMaxBytes = valueMaxBytes;
        this.free = new Semaphore(mostLoads);
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Whether a cache loads by itself. */
    public boolean has(String cache) {
        return origins.containsKey(cache);
    }

    /** Whether an origin can be asked for a key: a part that a URL would resolve away leads elsewhere. */
    public static boolean canAskFor(List<String> parts) {
        return parts.stream().noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /**
     * Loads a value.
     *
     * @param parts of the key within the cache
     * @return fails with a {@link LoadFailedException}
     */
    public CompletionStage<Loaded> load(String cache, List<String> parts) {
        URI origin = origins.get(cache);
        if (origin == null || !canAskFor(parts)) {
            throw new IllegalArgumentException("no origin to ask");
        }
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new LoadFailedException(Reason.OVERLOADED, "as many loads are under way as there may be"));
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(origin + Path.of(parts).toString()))
                .timeout(timeout)
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, head -> new LimitedBody(head.statusCode() == 200 ? valueMaxBytes : 0));
        return answer.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle(Origins::loaded)
                .whenComplete((loaded, failed) -> {
                    // A body that still trickles in is not waited for.
                    answer.cancel(true);
                    free.release();
                });
    }

    private static Loaded loaded(HttpResponse<byte[]> answer, Throwable failure) {
        if (failure != null) {
            throw failed(failure);
        }
        if (answer.statusCode() != 200) {
            throw new LoadFailedException(Reason.FAILED, "the origin answered " + answer.statusCode());
        }
        String contentType = answer.headers().firstValue("Content-Type").orElse(BYTES);
        try {
            KeyLimits.contentType(contentType, "Content-Type");
        } catch (RefusedException e) {
            throw new LoadFailedException(Reason.FAILED, "the origin's media type is not " + e.rule());
        }
        return new Loaded(answer.body(), contentType);
    }

    private static LoadFailedException failed(Throwable failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof LoadFailedException known) {
                return known;
            }
            if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
                return new LoadFailedException(Reason.TIMEOUT, "the origin did not answer in time");
            }
            cause = cause instanceof CompletionException || cause.getCause() != null ? cause.getCause() : null;
        }
        return new LoadFailedException(Reason.FAILED, "the origin could not be asked");
    }
}
