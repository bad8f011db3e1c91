package io.forebay.cache.change;

import org.jspecify.annotations.Nullable;

/** The columns of a row, as it was at some time. */
@FunctionalInterface
interface Columns {

    /** A row of which nothing is known. */
    Columns UNKNOWN = column -> null;

    /**
     * A column's value as it is written in keys and tags: a text as it is; a number, a boolean or null as in JSON. Null where
     * the column or its value is not known, or is no such value.
     */
    @Nullable
    String text(String column);
}
