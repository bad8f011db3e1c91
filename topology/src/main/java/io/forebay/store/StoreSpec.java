package io.forebay.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a store and says what it keeps and derives.
 *
 * @param name the store's name; it shapes the changelog topic and the directory, so it is public
 * @param indexing what is derived from each record
 * @param sourceTopic the input topic whose offsets the store's position counts, or null where there is none
 * @param form how its values are written
 * @param appendOnly whether no record is ever deleted. Such a store takes no deletions, and its database can be trusted
 *     however old it is, since there is no deletion that it may have missed
 */
public record StoreSpec(
        String name, Indexing indexing, @Nullable String sourceTopic, RecordForm form, boolean appendOnly) {
    public StoreSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(indexing, "indexing");
        Objects.requireNonNull(form, "form");
    }

    /** A store in the engine's own form. */
    public StoreSpec(String name, Indexing indexing, @Nullable String sourceTopic) {
        this(name, indexing, sourceTopic, RecordForm.binary(), false);
    }

    /** A store whose position is not tied to a topic's name. */
    public StoreSpec(String name, Indexing indexing) {
        this(name, indexing, null);
    }
}
