package io.forebay.transfer;

import io.forebay.transfer.EventExport.Existing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of exported events. Beside it, until it is complete, is a file that says how far it is certain: the events are forced to the
 * disk before that file says so, and what is behind that place is cut off by whoever goes on, be it half a line or whole
 * pages. A file without one beside it is complete, or none of ours, and is not touched unless it is to be overwritten.
 */
final class ExportFile implements ExportTarget {

    static final String SUFFIX = ".progress";

    /** As much work is done again at the most. */
    private static final long FORCED_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path path;
    private final SideFile side;
    private final String query;
    private final @Nullable ExportProgress begun;
    private @Nullable FileChannel channel;
    private @Nullable ExportProgress reached;
    private @Nullable ExportProgress certain;
    private long bytes;
    private long forcedAt;

    private ExportFile(Path path, SideFile side, String query, @Nullable ExportProgress begun) {
        this.path = path;
        this.side = side;
        this.query = query;
        this.begun = begun;
        this.bytes = begun == null ? 0 : begun.bytes();
    }

    /**
     * Looks at what is there; writes nothing yet.
     *
     * @param query parameters of the list
     * @throws TransferException when the file is not to be touched, or cannot be gone on with
     */
    static ExportFile open(Path path, Existing existing, String query) {
        SideFile side = SideFile.of(path, SUFFIX);
        boolean isThere = Files.exists(path);
        if (isThere && !Files.isRegularFile(path)) {
            throw new TransferException(path + " is not a file; '-' is standard output");
        }
        if (existing == Existing.OVERWRITE || (!isThere && existing == Existing.REFUSE)) {
            return new ExportFile(path, side, query, null);
        }
        ExportProgress progress = read(side);
        if (existing == Existing.REFUSE) {
            throw new TransferException(path + " is there already; "
                    + (progress == null ? "" : "--resume goes on with the export that was cut off, ")
                    + "--overwrite begins anew");
        }
        if (!isThere) {
            return new ExportFile(path, side, query, null);
        }
        if (progress == null) {
            throw new TransferException(path + " is there without " + side.path()
                    + ", so it is complete or no export that was cut off; --overwrite begins anew");
        }
        if (!progress.query().equals(query)) {
            throw new TransferException(path + " was begun with other options for which events are meant ("
                    + (progress.query().isEmpty() ? "none" : progress.query()) + "); give the same");
        }
        return new ExportFile(path, side, query, progress.asOf() == null ? null : progress);
    }

    private static @Nullable ExportProgress read(SideFile side) {
        var json = side.read();
        try {
            return json == null ? null : ExportProgress.parse(json);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new TransferException(side.path() + " is not what an export keeps", e);
        }
    }

    @Override
    public @Nullable ExportProgress begun() {
        return begun;
    }

    @Override
    public byte @Nullable [] last() {
        if (begun == null || begun.count() == 0) {
            return null;
        }
        try (FileChannel file = FileChannel.open(path)) {
            byte[] line = LastLine.before(file, begun.bytes());
            if (line == null) {
                throw new TransferException(
                        path + " has been changed since the export was cut off; --overwrite begins anew");
            }
            return line;
        } catch (IOException e) {
            throw TransferException.of("cannot read " + path, e);
        }
    }

    @Override
    public void write(List<byte[]> events, ExportProgress next) {
        try {
            FileChannel file = channel == null ? start() : channel;
            int length = 0;
            for (byte[] event : events) {
                length += event.length + 1;
            }
            ByteBuffer page = ByteBuffer.allocate(length);
            for (byte[] event : events) {
                page.put(event).put((byte) '\n');
            }
            page.flip();
            while (page.hasRemaining()) {
                file.write(page);
            }
            bytes += length;
            boolean first = reached == null;
            reached = next.withBytes(bytes);
            if (first || System.nanoTime() - forcedAt >= FORCED_EVERY_NANOS) {
                force(file, reached);
            }
        } catch (IOException e) {
            throw TransferException.of("cannot write " + path, e);
        }
    }

    /** Opens the file, empty or as far as it is certain. It is never there unfinished without its companion. */
    private FileChannel start() throws IOException {
        String none = ExportProgress.none(query).toJson();
        boolean isNew = !Files.exists(path);
        if (isNew) {
            side.write(none);
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel = file;
        if (file.tryLock() == null) {
            throw new TransferException(path + " is being written by another export");
        }
        if (begun == null && !isNew) {
            side.write(none);
        }
        file.truncate(bytes);
        file.position(bytes);
        return file;
    }

    private void force(FileChannel file, ExportProgress now) throws IOException {
        file.force(false);
        side.write(now.toJson());
        certain = now;
        forcedAt = System.nanoTime();
    }

    @Override
    public void complete() {
        try {
            FileChannel file = channel;
            if (file != null && reached != null) {
                force(file, reached);
            }
            side.delete();
        } catch (IOException e) {
            throw TransferException.of("cannot write " + path, e);
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String advice() {
        return "; --resume goes on";
    }

    /** Keeps what was written, where that can be done; where not, what was certain before still is. */
    @Override
    public void close() {
        try (FileChannel file = channel) {
            if (file != null && reached != null && !reached.equals(certain)) {
                force(file, reached);
            }
        } catch (IOException e) {
            // The file and its companion are as they were forced last.
        }
    }
}
