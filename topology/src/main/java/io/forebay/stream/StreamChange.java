package io.forebay.stream;

/**
 * One change as a sync record tells it.
 *
 * <p>Changes of one input record (a unit) stand next to each other in the sync partition, under one transaction; {@code unitOffset} never falls along
 * a sync partition. {@code sourceOffset} may: what one input record removed at a stroke is told of lazily by later ones.
 *
 * @param key the changed entry's key in the order of the snapshot's pages, compared as unsigned bytes
 * @param sourceOffset offset of the input record at which the change took effect: state at or after it shows the change
 * @param unitOffset offset of the input record that emitted the change, at or after {@code sourceOffset}
 * @param unitLast whether this is the last change that input record emitted
 * @param json what subscribers get as the data of a {@code change} message: UTF-8 JSON without line breaks. Of a closed change: what the feed's opener
 *     makes that of
 * @param closed whether the change has to be opened before it is sent
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
public record StreamChange(
        byte[] key, long sourceOffset, long unitOffset, boolean unitLast, byte[] json, boolean closed) {

    /** A change that is sent as it is. */
    public StreamChange(byte[] key, long sourceOffset, long unitOffset, boolean unitLast, byte[] json) {
        this(key, sourceOffset, unitOffset, unitLast, json, false);
    }

    /** The change when it has been opened. */
    StreamChange opened(byte[] told) {
        return new StreamChange(key, sourceOffset, unitOffset, unitLast, told);
    }
}
