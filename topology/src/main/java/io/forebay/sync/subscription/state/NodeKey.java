package io.forebay.sync.subscription.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;

/**
 * A place that is followed.
 *
 * @param kind what it is the place of
 * @param place its canonical path
 */
public record NodeKey(PlaceKind kind, String place) {

    /** The table whose rows are there. */
    public String table() {
        return Path.parse(place).part(0);
    }
}
