package io.forebay.cache.loader;

import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.command.RefusedException;
import io.forebay.keys.KeyLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads values for the caches that do so by themselves.
 *
 * <p>What hangs must not pile up: a load has a time for everything, after which it is given up, and there is a number of loads
 * beyond which one is refused at once rather than queued.
 */
public final class Loaders implements AutoCloseable {

    /**
     * The loader of a cache.
     *
     * @param loader where values come from
     * @param tags what each is tagged with, beside the tags that it comes with
     */
    public record Tagged(Loader loader, TagTemplates tags) {}

    private final Map<String, Tagged> byCache;
    private final Duration timeout;
    private final Semaphore free;
    private final Runnable close;

    /**
     * The loaders of caches.
     *
     * @param byCache by the cache's name
     * @param timeout how long a load may take
     * @param mostLoads under way at a time
     * @param close ends what the loaders share
     */
    public Loaders(Map<String, Tagged> byCache, Duration timeout, int mostLoads, Runnable close) {
        this.byCache = Map.copyOf(byCache);
        this.timeout = timeout;
        this.free = new Semaphore(mostLoads);
        this.close = close;
    }

    /** Whether a cache loads by itself. */
    public boolean has(String cache) {
        return byCache.containsKey(cache);
    }

    /**
     * The rule that a key breaks for which a cache cannot load, in words that end a sentence beginning with "the key"; null
     * when it can, or when the cache does not load by itself.
     *
     * @param parts of the key within the cache
     */
    public @Nullable String unfit(String cache, List<String> parts) {
        Tagged tagged = byCache.get(cache);
        if (tagged == null) {
            return null;
        }
        return parts.size() < tagged.tags().parts()
                ? "has at least " + tagged.tags().parts() + " parts, which the cache's tags name"
                : tagged.loader().unfit(parts);
    }

    /**
     * Loads a value.
     *
     * @param parts of the key within the cache, for which it is not {@link #unfit}
     * @return fails with a {@link LoadFailedException}
     */
    public CompletionStage<Loaded> load(String cache, List<String> parts) {
        Tagged tagged = Objects.requireNonNull(byCache.get(cache), "no loader");
        if (unfit(cache, parts) != null) {
            throw new IllegalArgumentException("nothing to ask for");
        }
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new LoadFailedException(Reason.OVERLOADED, "as many loads are under way as there may be"));
        }
        CompletableFuture<Loaded> loading = start(tagged.loader(), parts);
        return loading.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((loaded, failure) -> {
                    if (failure != null) {
                        throw failed(failure);
                    }
                    return checked(loaded, tagged.tags().of(parts));
                })
                .whenComplete((loaded, failed) -> {
                    loading.cancel(true);
                    free.release();
                });
    }

    private static CompletableFuture<Loaded> start(Loader loader, List<String> parts) {
        try {
            return loader.load(parts);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Loaded checked(Loaded loaded, List<String> configured) {
        List<String> tags = Stream.concat(loaded.tags().stream(), configured.stream())
                .distinct()
                .toList();
        try {
            KeyLimits.contentType(loaded.contentType(), "");
            KeyLimits.tags(tags, "");
        } catch (RefusedException e) {
            throw new LoadFailedException(Reason.FAILED, "the origin's answer has to have " + e.rule());
        }
        return new Loaded(loaded.value(), loaded.contentType(), tags);
    }

    private static LoadFailedException failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof LoadFailedException known) {
            return known;
        }
        return cause instanceof TimeoutException
                ? new LoadFailedException(Reason.TIMEOUT, "the origin did not answer in time")
                : new LoadFailedException(Reason.FAILED, "the origin could not be asked");
    }

    @Override
    public void close() {
        close.run();
    }
}
