package io.forebay.records.sync;

import io.forebay.records.value.Shape;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a change is applied.
 *
 * @param preloads shapes by table: what is loaded below the changed record, in place of what was, and below records that enter
 * @param declared what the value is meant to be; null when only the value itself tells
 * @param entering what else is known of records that enter
 * @param maxRows how many rows may be taken, see {@link Loader}
 */
public record SyncOptions(
        Map<String, Shape> preloads, @Nullable Declared declared, EnteringShapes entering, int maxRows) {

    public static final int DEFAULT_MAX_ROWS = 100_000;

    /** Nothing but the value, and the default limit. */
    public static final SyncOptions DEFAULTS = new SyncOptions(Map.of(), null, EnteringShapes.NONE, DEFAULT_MAX_ROWS);

    public SyncOptions {
        preloads = Map.copyOf(preloads);
    }

    /** These with other preloads. */
    public SyncOptions withPreloads(Map<String, Shape> shapes) {
        return new SyncOptions(shapes, declared, entering, maxRows);
    }

    /** These with a declaration of the value. */
    public SyncOptions withDeclared(Declared value) {
        return new SyncOptions(preloads, value, entering, maxRows);
    }

    /** These with what is known of records that enter. */
    public SyncOptions withEntering(EnteringShapes shapes) {
        return new SyncOptions(preloads, declared, shapes, maxRows);
    }
}
