package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A form of the kind that a feature may have: the frame in numbers of varying length, as Avro writes them, after a head. */
final class VarintForm implements RecordForm {
    private static final byte[] HEAD = {0, 0, 0, 0, 7};
    private static final int LONGEST = 10;

    @Override
    public byte[] wrap(boolean last, long offset, long logTime, byte[] payload) {
        ByteBuffer value = ByteBuffer.allocate(HEAD.length + 2 * LONGEST + 1 + payload.length);
        value.put(HEAD);
        put(value, offset);
        put(value, logTime);
        value.put((byte) (last ? 1 : 0)).put(payload);
        return Arrays.copyOf(value.array(), value.position());
    }

    @Override
    public boolean isValid(byte[] value) {
        return value.length > HEAD.length && Arrays.equals(value, 0, HEAD.length, HEAD, 0, HEAD.length);
    }

    @Override
    public boolean isFinal(byte[] value) {
        ByteBuffer frame = frame(value);
        take(frame);
        take(frame);
        return frame.get() == 1;
    }

    @Override
    public long offset(byte[] value) {
        return take(frame(value));
    }

    @Override
    public long logTime(byte[] value) {
        ByteBuffer frame = frame(value);
        take(frame);
        return take(frame);
    }

    @Override
    public byte[] payload(byte[] value) {
        ByteBuffer frame = frame(value);
        take(frame);
        take(frame);
        return Arrays.copyOfRange(value, frame.position() + 1, value.length);
    }

    private static ByteBuffer frame(byte[] value) {
        return ByteBuffer.wrap(value).position(HEAD.length);
    }

    private static void put(ByteBuffer to, long number) {
        long left = (number << 1) ^ (number >> 63);
        while ((left & ~0x7f) != 0) {
            to.put((byte) (left | 0x80));
            left >>>= 7;
        }
        to.put((byte) left);
    }

    private static long take(ByteBuffer from) {
        long number = 0;
        int shift = 0;
        byte next = from.get();
        while (next < 0) {
            number |= (next & 0x7fL) << shift;
            shift += 7;
            next = from.get();
        }
        number |= (long) next << shift;
        return (number >>> 1) ^ -(number & 1);
    }

    @Override
    public String toString() {
        return "varint form";
    }
}
