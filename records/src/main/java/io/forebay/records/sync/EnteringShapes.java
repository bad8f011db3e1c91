package io.forebay.records.sync;

import io.forebay.records.model.Association;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import org.jspecify.annotations.Nullable;

/** With what below them records enter a value: what its owner subscribed to. */
@FunctionalInterface
public interface EnteringShapes {

    /** Asks for nothing. */
    EnteringShapes NONE = (row, association, owner) -> null;

    /**
     * The shape of a record that enters; null when nothing is known of it.
     *
     * @param row the record
     * @param association by which it enters; null at the root
     * @param owner whose association that is; null at the root
     */
    @Nullable
    Shape shapeOf(Row row, @Nullable Association association, @Nullable Row owner);
}
