package io.forebay.sync.association.state;

import io.forebay.schemas.avro.PlaceKind;
import org.jspecify.annotations.Nullable;

/** Work of a partition of places that one decision does not end. */
@SuppressWarnings("ArrayRecordComponent") // places in ranges of keys; nothing compares them
public sealed interface Work {

    /** Shows itself to who does it. */
    @Nullable
    Work proceed(Worker worker);

    /** As it is stored. */
    byte[] encode();

    /** Does a piece of work and returns what is left; null when that is nothing. */
    interface Worker {

        /** Tells more of the rows that are at a place. */
        @Nullable
        Work tellRows(Rows rows);

        /** Tells more of those who have interests in a table that it was truncated. */
        @Nullable
        Work tellTruncated(Truncated truncated);

        /** Tells more changes of a record. */
        @Nullable
        Work tellChanges(Changes changes);

        /** Begins to tell more of those who wait for the rows of columns. */
        @Nullable
        Work tellWaiting(Waiting waiting);
    }

    /**
     * Rows that an interest is to be told first.
     *
     * @param where which of them, where they are of a table: conditions as JSON
     * @param from where to go on
     */
    record Rows(Interest interest, String where, byte @Nullable [] from) implements Work {

        private static final byte TYPE = 1;

        @Override
        public @Nullable Work proceed(Worker worker) {
            return worker.tellRows(this);
        }

        @Override
        public byte[] encode() {
            return new FieldsOut()
                    .putByte(TYPE)
                    .putByte(Kinds.code(interest.kind()))
                    .putText(interest.place())
                    .putText(interest.subscriber())
                    .putLong(interest.request())
                    .putLong(interest.model())
                    .putText(where)
                    .putBytes(from)
                    .toBytes();
        }

        private static Rows take(FieldsIn in) {
            PlaceKind kind = Kinds.of(in.takeByte());
            Interest interest = new Interest(kind, in.takeText(), in.takeText(), in.takeLong(), in.takeLong());
            return new Rows(interest, in.takeText(), in.takeBytes());
        }
    }

    /**
     * That a table was truncated.
     *
     * @param from where to go on
     */
    record Truncated(ToldChange change, byte @Nullable [] from) implements Work {

        private static final byte TYPE = 2;

        @Override
        public @Nullable Work proceed(Worker worker) {
            return worker.tellTruncated(this);
        }

        @Override
        public byte[] encode() {
            FieldsOut out = new FieldsOut().putByte(TYPE);
            change.put(out);
            return out.putBytes(from).toBytes();
        }

        private static Truncated take(FieldsIn in) {
            return new Truncated(ToldChange.take(in), in.takeBytes());
        }
    }

    /** Changes of a record that are to be told. */
    record Changes(String record) implements Work {

        private static final byte TYPE = 3;

        @Override
        public @Nullable Work proceed(Worker worker) {
            return worker.tellChanges(this);
        }

        @Override
        public byte[] encode() {
            return new FieldsOut().putByte(TYPE).putText(record).toBytes();
        }
    }

    /** Interests that are to be told rows of columns whose places are whole now. */
    record Waiting(String columns) implements Work {

        private static final byte TYPE = 4;

        @Override
        public @Nullable Work proceed(Worker worker) {
            return worker.tellWaiting(this);
        }

        @Override
        public byte[] encode() {
            return new FieldsOut().putByte(TYPE).putText(columns).toBytes();
        }
    }

    /** Reads what {@link #encode} wrote. */
    static Work decode(byte[] encoded) {
        FieldsIn in = new FieldsIn(encoded);
        byte type = in.takeByte();
        return switch (type) {
            case Rows.TYPE -> Rows.take(in);
            case Truncated.TYPE -> Truncated.take(in);
            case Changes.TYPE -> new Changes(in.takeText());
            case Waiting.TYPE -> new Waiting(in.takeText());
            default -> throw new IllegalStateException("work of type " + type + " is newer than this version");
        };
    }
}
