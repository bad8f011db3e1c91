package io.forebay.sync.subscription;

import io.forebay.schemas.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What is to be seen under one permit. */
interface Viewer {

    /** A change, or a row that is there: as one that is inserted. */
    Seen see(Delivered delivered);

    /**
     * A change as it is seen: a row that was not to be seen was not there, and one that is not to be seen is not there any more.
     *
     * @param old the row before; null where none was seen or it is not known
     * @param row the row after; null where none is seen
     * @param kind what it is
     */
    record Seen(@Nullable JsonObject old, @Nullable JsonObject row, Kind kind) {

        /** What it is. */
        enum Kind {
            NOTHING,
            INSERTED,
            UPDATED,
            DELETED
        }

        static final Seen NOTHING = new Seen(null, null, Kind.NOTHING);
    }

    /** Sees everything. */
    Viewer OF_EVERYTHING = new Viewer() {
        @Override
        public Seen see(Delivered delivered) {
            return switch (delivered.op()) {
                case inserted, snapshot -> new Seen(null, delivered.row(), Seen.Kind.INSERTED);
                case updated -> new Seen(delivered.old(), delivered.row(), Seen.Kind.UPDATED);
                case deleted -> new Seen(delivered.old(), null, Seen.Kind.DELETED);
                default -> Seen.NOTHING;
            };
        }
    };
}
