package io.forebay.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Finds the line of a file that ends at a place. */
final class LastLine {

    private static final int BLOCK = 64 * 1024;

    private LastLine() {}

    /**
     * The line before a place.
     *
     * @param end the place after its line feed
     * @return the line without its line feed; null when no line ends there
     */
    static byte @Nullable [] before(FileChannel file, long end) throws IOException {
        if (end < 1 || end > file.size() || read(file, end - 1, 1)[0] != '\n') {
            return null;
        }
        long from = end - 1;
        while (from > 0) {
            int length = (int) Math.min(BLOCK, from);
            byte[] block = read(file, from - length, length);
            int feed = lastFeed(block);
            if (feed >= 0) {
                return read(file, from - length + feed + 1, Math.toIntExact(end - 1 - (from - length + feed + 1)));
            }
            from -= length;
        }
        return read(file, 0, Math.toIntExact(end - 1));
    }

    private static int lastFeed(byte[] block) {
        int at = block.length - 1;
        while (at >= 0 && block[at] != '\n') {
            at--;
        }
        return at;
    }

    private static byte[] read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = 0;
        while (read >= 0 && bytes.hasRemaining()) {
            read = file.read(bytes, from + bytes.position());
        }
        return bytes.array();
    }
}
