package io.forebay.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The frame around every value, in the database and in the changelog: a byte of flags, the offset of the input record that
 * wrote it (8 bytes), log time (8 bytes), the payload. A changelog record so carries the position by itself; a restore
 * gets no record headers from the public interface, and a position that only a header carried would be lost.
 */
final class Envelope {
    static final byte RESERVED_TAG = 0;
    static final byte[] NOTHING = {};
    private static final byte VERSION = 0x10;
    private static final byte VERSION_MASK = (byte) 0xf0;
    private static final byte FINAL = 0x01;
    private static final int OFFSET_AT = 1;
    private static final int LOG_TIME_AT = 9;
    private static final int LENGTH = 17;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Envelope() {}

    static byte[] bookkeepingKey() {
        return new byte[] {RESERVED_TAG};
    }

    static boolean isReserved(byte[] key) {
        return key.length == 1 && key[0] == RESERVED_TAG;
    }

    static byte[] wrap(boolean last, long offset, long logTime, byte[] payload) {
        byte[] value = new byte[LENGTH + payload.length];
        value[0] = last ? VERSION | FINAL : VERSION;
        LONG.set(value, OFFSET_AT, offset);
        LONG.set(value, LOG_TIME_AT, logTime);
        System.arraycopy(payload, 0, value, LENGTH, payload.length);
        return value;
    }

    static boolean isValid(byte[] value) {
        return value.length >= LENGTH && (value[0] & VERSION_MASK) == VERSION;
    }

    static boolean isFinal(byte[] value) {
        return (value[0] & FINAL) != 0;
    }

    static long offset(byte[] value) {
        return (long) LONG.get(value, OFFSET_AT);
    }

    static long logTime(byte[] value) {
        return (long) LONG.get(value, LOG_TIME_AT);
    }

    static byte[] payload(byte[] value) {
        return Arrays.copyOfRange(value, LENGTH, value.length);
    }

    static Stored unwrap(byte[] value) {
        return new Stored(payload(value), offset(value), logTime(value));
    }
}
