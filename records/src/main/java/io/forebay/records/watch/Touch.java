package io.forebay.records.watch;

import io.forebay.schemas.json.JsonObject;
import java.util.List;

/**
 * A watcher that a change counts for.
 *
 * @param identifiers all by which its subscribers hear of the change, the one for every row first
 * @param values what is told: primary key and extra columns of the row after the change, of a deletion before it
 * @param entered whether an update is told to who waits for insertions, because it gave the row a key that it did not have
 */
public record Touch(Watcher watcher, List<Identifier> identifiers, JsonObject values, boolean entered) {
    public Touch {
        identifiers = List.copyOf(identifiers);
    }
}
