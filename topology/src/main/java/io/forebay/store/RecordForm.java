package io.forebay.store;

/**
 * How the value of every record is written, in the database and in the changelog: the payload in a frame that tells which
 * input record wrote it. A changelog record so carries the position by itself; a restore gets no record headers from the
 * public interface, and a position that only a header carried would be lost.
 *
 * <p>A form is for a store whose changelog others read as well, in a format of theirs. It is called for each record that is
 * written, restored or read, by any thread, and keeps no state.
 */
public interface RecordForm {
    /** The engine's own, of stores whose changelog is read by nobody else. */
    static RecordForm binary() {
        return BinaryForm.INSTANCE;
    }

    /**
     * Frames a payload.
     *
     * @param last whether it is the last value of its write set
     * @param offset offset of the input record that writes it
     * @param logTime log time after that record, in milliseconds since the epoch
     * @param payload the payload; not kept
     */
    byte[] wrap(boolean last, long offset, long logTime, byte[] payload);

    /** Whether a value can be of this form. The other methods are called with such values only. */
    boolean isValid(byte[] value);

    /** Whether the value is the last one of its write set. */
    boolean isFinal(byte[] value);

    /** Offset of the input record that wrote the value. */
    long offset(byte[] value);

    /** Log time after that record, in milliseconds since the epoch. */
    long logTime(byte[] value);

    /** The payload that was framed. A fresh array. */
    byte[] payload(byte[] value);

    /** The value taken apart. */
    default Stored unwrap(byte[] value) {
        return new Stored(payload(value), offset(value), logTime(value));
    }
}
