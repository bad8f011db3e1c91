package io.forebay.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The engine's own form: a byte of flags, the offset of the input record that wrote the value (8 bytes), log time (8
 * bytes), the payload.
 */
final class BinaryForm implements RecordForm {
    static final RecordForm INSTANCE = new BinaryForm();

    private static final byte VERSION = 0x10;
    private static final byte VERSION_MASK = (byte) 0xf0;
    private static final byte FINAL = 0x01;
    private static final int OFFSET_AT = 1;
    private static final int LOG_TIME_AT = 9;
    private static final int LENGTH = 17;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BinaryForm() {}

    @Override
    public byte[] wrap(boolean last, long offset, long logTime, byte[] payload) {
        byte[] value = new byte[LENGTH + payload.length];
        value[0] = last ? VERSION | FINAL : VERSION;
        LONG.set(value, OFFSET_AT, offset);
        LONG.set(value, LOG_TIME_AT, logTime);
        System.arraycopy(payload, 0, value, LENGTH, payload.length);
        return value;
    }

    @Override
    public boolean isValid(byte[] value) {
        return value.length >= LENGTH && (value[0] & VERSION_MASK) == VERSION;
    }

    @Override
    public boolean isFinal(byte[] value) {
        return (value[0] & FINAL) != 0;
    }

    @Override
    public long offset(byte[] value) {
        return (long) LONG.get(value, OFFSET_AT);
    }

    @Override
    public long logTime(byte[] value) {
        return (long) LONG.get(value, LOG_TIME_AT);
    }

    @Override
    public byte[] payload(byte[] value) {
        return Arrays.copyOfRange(value, LENGTH, value.length);
    }
}
