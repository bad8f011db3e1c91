package io.forebay.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a store and says what it derives.
 *
 * @param name the store's name; it shapes the changelog topic and the directory, so it is public
 * @param indexing what is derived from each record
 * @param sourceTopic the input topic whose offsets the store's position counts, or null where there is none
 */
public record StoreSpec(
        String name, Indexing indexing, @Nullable String sourceTopic) {
    public StoreSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(indexing, "indexing");
    }

    /** A store whose position is not tied to a topic's name. */
    public StoreSpec(String name, Indexing indexing) {
        this(name, indexing, null);
    }
}
