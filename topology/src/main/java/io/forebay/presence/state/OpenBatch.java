package io.forebay.presence.state;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A bulk write of which chunks are still to come.
 *
 * <p>A batch that merges knows what its users have now, to know what it will change when it becomes visible. One that is
 * the guild's whole set need not.
 */
public final class OpenBatch {

    private static final int BEGUN_AT = 8 + 4 + 8 + 8;
    private static final int BYTES = BEGUN_AT + 8 + 1 + 1 + 2 * StatusCounts.BYTES;

    private final long first;
    private final int next;
    private final long count;
    private final long bytes;
    private final long begun;
    private final boolean replace;
    private final StatusCounts staged;
    private final @Nullable StatusCounts present;

    private OpenBatch(
            long first,
            int next,
            long count,
            long bytes,
            long begun,
            boolean replace,
            StatusCounts staged,
            @Nullable StatusCounts present) {
        this.first = first;
        this.next = next;
        this.count = count;
        this.bytes = bytes;
        this.begun = begun;
        this.replace = replace;
        this.staged = staged;
        this.present = present;
    }

    /**
     * A batch without a chunk.
     *
     * @param first source offset of its first chunk; what it puts aside is kept apart by it, since a batch id may come again
     * @param begun log time of its first chunk
     * @param replace whether it is the guild's whole set
     */
    public static OpenBatch begin(long first, long begun, boolean replace) {
        return new OpenBatch(first, 0, 0, 0, begun, replace, StatusCounts.ZERO, replace ? null : StatusCounts.ZERO);
    }

    /** The batch with a chunk more. */
    public OpenBatch withChunk(long morePresences, long moreBytes) {
        return new OpenBatch(
                first, next + 1, count + morePresences, bytes + moreBytes, begun, replace, staged, present);
    }

    /** Index of the chunk that is expected. */
    public int next() {
        return next;
    }

    /** Presences in the chunks so far. */
    public long count() {
        return count;
    }

    /** JSON bytes in the chunks so far. */
    public long bytes() {
        return bytes;
    }

    /** Whether it is the guild's whole set. */
    public boolean replace() {
        return replace;
    }

    byte[] batch() {
        return PresenceKeys.batchOf(first);
    }

    StatusCounts staged() {
        return staged;
    }

    /** Counts of what its users have now; null where it is not known. */
    @Nullable
    StatusCounts present() {
        return present;
    }

    /** The batch after the presence of one user was put aside, in the place of another one of that user in an earlier chunk. */
    OpenBatch restaged(StatusCode earlier, StatusCode now) {
        return with(staged.moved(earlier, now), present);
    }

    /** The batch after the presence of a user was put aside who has a presence, or none, now. */
    OpenBatch staged(StatusCode status, @Nullable StatusCode has) {
        return with(staged.moved(null, status), present == null ? null : present.moved(null, has));
    }

    /** The batch after what one of its users has changed. */
    OpenBatch moved(@Nullable StatusCode from, @Nullable StatusCode to) {
        return with(staged, present == null ? null : present.moved(from, to));
    }

    /** The batch with other, or no, knowledge of what its users have. */
    OpenBatch withPresent(@Nullable StatusCounts known) {
        return with(staged, known);
    }

    private OpenBatch with(StatusCounts nowStaged, @Nullable StatusCounts nowPresent) {
        return new OpenBatch(first, next, count, bytes, begun, replace, nowStaged, nowPresent);
    }

    byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putInt(next)
                .putLong(count)
                .putLong(bytes)
                .putLong(begun)
                .put((byte) (replace ? 1 : 0));
        staged.write(buffer);
        buffer.put((byte) (present == null ? 0 : 1));
        (present == null ? StatusCounts.ZERO : present).write(buffer);
        return buffer.array();
    }

    /** Log time of the first chunk of a batch in its stored form. */
    static long begun(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong(BEGUN_AT);
    }

    static OpenBatch decode(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long first = buffer.getLong();
        int next = buffer.getInt();
        long count = buffer.getLong();
        long bytes = buffer.getLong();
        long begun = buffer.getLong();
        boolean replace = buffer.get() == 1;
        StatusCounts staged = StatusCounts.read(buffer);
        boolean known = buffer.get() == 1;
        StatusCounts present = StatusCounts.read(buffer);
        return new OpenBatch(first, next, count, bytes, begun, replace, staged, known ? present : null);
    }
}
