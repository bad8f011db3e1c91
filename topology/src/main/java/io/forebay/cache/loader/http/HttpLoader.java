package io.forebay.cache.loader.http;

import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.cache.loader.Loaded;
import io.forebay.cache.loader.Loader;
import io.forebay.schemas.path.Path;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Loads from an HTTP origin. A load is one GET of the origin's URL with the parts of the entry's key behind it, and only 200
 * is a value. It follows no redirects: which hosts are asked is for the configuration alone to say.
 */
public final class HttpLoader implements Loader {
    private static final String BYTES = "application/octet-stream";

    private final HttpClient client;
    private final URI origin;
    private final Duration timeout;
    private final int valueMaxBytes;

    /**
     * The loader of one cache.
     *
     * @param client one for all origins, see {@link #client}
     * @param origin an absolute URL that ends with a slash
     * @param timeout how long the head of an answer may take
     * @param valueMaxBytes of one value
     */
    public HttpLoader(HttpClient client, URI origin, Duration timeout, int valueMaxBytes) {
        this.client = client;
        this.origin = origin;
        this.timeout = timeout;
        this.valueMaxBytes = valueMaxBytes;
    }

    /** A client for any number of origins. */
    public static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** A part that a URL would resolve away leads elsewhere. */
    @Override
    public @Nullable String unfit(List<String> parts) {
        return parts.stream().anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))
                ? "has no empty part and none that is . or .., where a cache has an origin"
                : null;
    }

    @Override
    public CompletableFuture<Loaded> load(List<String> parts) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(origin + Path.of(parts).toString()))
                .timeout(timeout)
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, head -> new LimitedBody(head.statusCode() == 200 ? valueMaxBytes : 0));
        CompletableFuture<Loaded> loading = answer.handle(HttpLoader::loaded);
        // A body that still trickles in is not waited for.
        var unused = loading.whenComplete((loaded, failed) -> answer.cancel(true));
        return loading;
    }

    private static Loaded loaded(HttpResponse<byte[]> answer, Throwable failure) {
        if (failure != null) {
            throw failed(failure);
        }
        if (answer.statusCode() != 200) {
            throw new LoadFailedException(Reason.FAILED, "the origin answered " + answer.statusCode());
        }
        return new Loaded(
                answer.body(),
                answer.headers().firstValue("Content-Type").orElse(BYTES),
                CacheGroups.parse(answer.headers().allValues(CacheGroups.NAME)));
    }

    private static LoadFailedException failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LoadFailedException known) {
                return known;
            }
            if (cause instanceof HttpTimeoutException) {
                return new LoadFailedException(Reason.TIMEOUT, "the origin did not answer in time");
            }
        }
        return new LoadFailedException(Reason.FAILED, "the origin could not be asked");
    }
}
