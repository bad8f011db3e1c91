package io.forebay.sync.rule;

import io.forebay.schemas.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a change is to a subscriber. Rows have the columns that he gets, and no others. */
public sealed interface Seen {

    /** Nothing: he may see the row neither before nor after it. */
    record Nothing() implements Seen {}

    /** A row that he could not see, or was not there, is there. */
    record Inserted(JsonObject row) implements Seen {}

    /**
     * A row is another.
     *
     * @param old the row before; null where it is not known
     */
    record Updated(@Nullable JsonObject old, JsonObject row) implements Seen {}

    /**
     * A row that he could see is gone, or may not be seen by him any more.
     *
     * @param old the row before; null where it is not known
     */
    record Deleted(@Nullable JsonObject old) implements Seen {}
}
