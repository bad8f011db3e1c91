package io.forebay.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a text line by line, with the place of each in it. Lines of nothing but space are passed over. */
final class EventLines {

    private static final int BLOCK = 256 * 1024;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] block = new byte[BLOCK];
    private int at;
    private int filled;
    private long number;
    private long offset;

    /**
     * A line.
     *
     * @param number from 1
     * @param end the place after its line feed
     * @param text without its line feed
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way into a batch; nothing compares it
    record Line(long number, long end, byte[] text) {}

    /**
     * Lines from a place on.
     *
     * @param in positioned there
     * @param offset the place
     * @param number of lines before it
     * @param maxBytes of a line
     */
    EventLines(InputStream in, long offset, long number, int maxBytes) {
        this.in = in;
        this.offset = offset;
        this.number = number;
        this.maxBytes = maxBytes;
    }

    /**
     * The next line.
     *
     * @return null at the end
     * @throws BadLineException when it is too long
     */
    @Nullable
    Line next() throws IOException, BadLineException {
        while (true) {
            byte[] text = read();
            if (text == null) {
                return null;
            }
            if (!isBlank(text)) {
                return new Line(number, offset, text);
            }
        }
    }

    private byte @Nullable [] read() throws IOException, BadLineException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        number++;
        boolean any = false;
        while (at < filled || fill()) {
            any = true;
            int from = at;
            while (at < filled && block[at] != '\n') {
                at++;
            }
            line.write(block, from, at - from);
            offset += at - from;
            if (line.size() > maxBytes) {
                throw new BadLineException(number, "has more than " + maxBytes + " bytes");
            }
            if (at < filled) {
                at++;
                offset++;
                break;
            }
        }
        return any ? line.toByteArray() : null;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(block));
        return filled > 0;
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
