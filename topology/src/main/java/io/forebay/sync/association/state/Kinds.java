package io.forebay.sync.association.state;

import io.forebay.schemas.avro.PlaceKind;

/** How kinds of places are written into the store. */
final class Kinds {

    private Kinds() {}

    static byte code(PlaceKind kind) {
        return switch (kind) {
            case record -> 1;
            case column -> 2;
            case table -> 3;
            case other -> throw new IllegalArgumentException("there are no places of this kind");
        };
    }

    static PlaceKind of(byte code) {
        return switch (code) {
            case 1 -> PlaceKind.record;
            case 2 -> PlaceKind.column;
            case 3 -> PlaceKind.table;
            default -> throw new IllegalStateException("kind of places " + code + " is newer than this version");
        };
    }
}
