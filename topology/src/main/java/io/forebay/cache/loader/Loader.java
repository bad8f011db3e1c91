package io.forebay.cache.loader;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where a cache gets its values from. */
public interface Loader {

    /**
     * The rule that a key breaks for which nothing can be asked, in words that end a sentence beginning with "the key"; null
     * when it can be loaded.
     *
     * @param parts of the key within the cache
     */
    @Nullable
    String unfit(List<String> parts);

    /**
     * Loads a value, without blocking the caller.
     *
     * @param parts of a key that is not unfit
     * @return fails with a {@link LoadFailedException}; when it is cancelled, the load is given up
     */
    CompletableFuture<Loaded> load(List<String> parts);
}
