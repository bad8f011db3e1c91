package io.forebay.events.state;

import io.forebay.store.RecordForm;

/**
 * Records in Confluent's wire format, so that every consumer reads the changelog: {@code RecordedEvent} and {@code
 * InstanceKey}. The frame is among the fields at the record's beginning (source, time, whether it is the last of its unit),
 * which are read by their place; the payload is the whole value. What the engine puts in is the one field that only it
 * knows, the last.
 */
public final class AvroForm implements RecordForm {

    private static final byte MAGIC = 0;

    /** The magic byte and the schema's id. */
    private static final int HEAD = 5;

    @Override
    public byte[] wrap(boolean last, long offset, long logTime, byte[] payload) {
        AvroFields frame = frame(payload);
        if (frame.number() != offset || frame.number() != logTime) {
            throw new IllegalArgumentException("the value says that another record wrote it");
        }
        byte[] value = payload.clone();
        value[frame.at()] = (byte) (last ? 1 : 0);
        return value;
    }

    @Override
    public boolean isValid(byte[] value) {
        if (value.length <= HEAD || value[0] != MAGIC) {
            return false;
        }
        try {
            AvroFields frame = frame(value);
            long offset = frame.number();
            frame.number();
            frame.flag();
            return offset >= 0;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    @Override
    public boolean isFinal(byte[] value) {
        AvroFields frame = frame(value);
        frame.number();
        frame.number();
        return frame.flag();
    }

    @Override
    public long offset(byte[] value) {
        return frame(value).number();
    }

    @Override
    public long logTime(byte[] value) {
        AvroFields frame = frame(value);
        frame.number();
        return frame.number();
    }

    @Override
    public byte[] payload(byte[] value) {
        return value.clone();
    }

    /** Before the offset; the partition stands in front of it. */
    private static AvroFields frame(byte[] value) {
        AvroFields fields = new AvroFields(value, HEAD);
        fields.number();
        return fields;
    }
}
