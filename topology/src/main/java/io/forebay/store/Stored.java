package io.forebay.store;

/**
 * A record as it was stored. Not to be compared: its payload is an array.
 *
 * @param payload the payload
 * @param offset offset of the input record that wrote it
 * @param logTime log time of its partition when it was written, in milliseconds since the epoch
 */
@SuppressWarnings("ArrayRecordComponent") // nothing compares or hashes it, and a copy would cost every read
public record Stored(byte[] payload, long offset, long logTime) {

    /** Reads a record's value as the changelog of a store in the engine's own form has it. */
    public static Stored ofChangelog(byte[] value) {
        return RecordForm.binary().unwrap(value);
    }
}
