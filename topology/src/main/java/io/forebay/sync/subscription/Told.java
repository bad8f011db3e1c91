package io.forebay.sync.subscription;

import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.row.LogPlace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber is told.
 *
 * @param op what happened for him
 * @param record canonical path of the record; of a truncation that of the table; empty when he has caught up
 * @param row as he may see it; null where there is none
 * @param oldRow as he could see it; null where there was none or it is not known
 * @param ref of the change
 * @param followed whether he goes on following the record
 * @param outstanding whether rows that he follows by now have still to be told
 * @param identifiers by what he subscribed to it, each as JSON
 * @param cause the change
 */
record Told(
        ToldOperation op,
        String record,
        @Nullable JsonObject row,
        @Nullable JsonObject oldRow,
        long ref,
        boolean followed,
        boolean outstanding,
        List<String> identifiers,
        Cause cause) {

    /**
     * Which change it was.
     *
     * @param partition of row changes; -1 where nothing happened to a row
     * @param offset there
     * @param place where it stands in the log of its source; null where that is not known
     */
    record Cause(
            int partition,
            long offset,
            @Nullable LogPlace place,
            @Nullable String id,
            @Nullable String by,
            @Nullable String transaction) {

        /** Nothing happened to a row. */
        static final Cause NONE = new Cause(-1, -1, null, null, null, null);
    }
}
