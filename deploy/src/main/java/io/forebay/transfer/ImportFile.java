package io.forebay.transfer;

import io.forebay.schemas.json.JsonObject;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of events to be imported. Beside it, until everything is imported, is a file that says how far it is. That saves time and
 * nothing else: an import without it begins with the first line, and what is recorded already stays as it is. So where it cannot
 * be written, or speaks of another import or another file, it is done without.
 */
final class ImportFile implements ImportSource {

    static final String SUFFIX = ".imported";

    private static final long KEPT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path path;
    private final SideFile side;
    private final FileChannel channel;
    private final Consumer<String> notes;
    private final ImportProgress begun;
    private final long size;
    private @Nullable ImportProgress kept;
    private @Nullable ImportProgress reached;
    private long keptAt;
    private boolean unwritable;

    private ImportFile(
            Path path, SideFile side, FileChannel channel, String kind, boolean resume, Consumer<String> notes)
            throws IOException {
        this.path = path;
        this.side = side;
        this.channel = channel;
        this.notes = notes;
        this.size = channel.size();
        this.begun = resume ? begun(kind) : ImportProgress.none(kind);
        channel.position(begun.bytes());
    }

    /**
     * Opens a file.
     *
     * @param kind what is imported where
     * @param resume whether to go on behind what an earlier import of the same kind got done
     * @param notes is told when that cannot be
     */
    static ImportFile open(Path path, String kind, boolean resume, Consumer<String> notes) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path);
            return new ImportFile(path, SideFile.of(path, SUFFIX), channel, kind, resume, notes);
        } catch (IOException e) {
            throw TransferException.of("cannot read " + path, e);
        }
    }

    private ImportProgress begun(String kind) throws IOException {
        JsonObject json = side.read();
        if (json == null) {
            return ImportProgress.none(kind);
        }
        try {
            ImportProgress progress = ImportProgress.parse(json);
            if (!progress.kind().equals(kind)) {
                notes.accept(side.path() + " is of another import; beginning with the first line");
                return ImportProgress.none(kind);
            }
            byte[] last = progress.bytes() == 0 ? new byte[0] : LastLine.before(channel, progress.bytes());
            if (last != null && ImportedEvent.checksum(last) == progress.checksum()) {
                return progress;
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            // Told below.
        }
        notes.accept(side.path() + " does not fit " + path + "; beginning with the first line");
        return ImportProgress.none(kind);
    }

    @Override
    public ImportProgress begun() {
        return begun;
    }

    @Override
    public EventLines lines() {
        return new EventLines(Channels.newInputStream(channel), begun.bytes(), begun.lines(), EventImport.LINE_BYTES);
    }

    @Override
    public void reached(ImportProgress progress) {
        boolean first = reached == null;
        reached = progress;
        if (first || System.nanoTime() - keptAt >= KEPT_EVERY_NANOS) {
            keep(progress);
        }
    }

    private void keep(ImportProgress progress) {
        if (unwritable) {
            return;
        }
        try {
            side.write(progress.toJson());
            kept = progress;
        } catch (IOException e) {
            unwritable = true;
            notes.accept("cannot write " + side.path() + " (" + TransferException.reason(e)
                    + "), so an import that is cut off begins with the first line again");
        }
        keptAt = System.nanoTime();
    }

    @Override
    public void complete() {
        kept = reached;
        try {
            side.delete();
        } catch (IOException e) {
            notes.accept("cannot delete " + side.path() + " (" + TransferException.reason(e) + ")");
        }
    }

    @Override
    public double part(long end) {
        return size == 0 ? 1 : (double) end / size;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String advice() {
        return unwritable ? "" : "; --resume goes on behind them";
    }

    @Override
    public void close() {
        if (reached != null && !reached.equals(kept)) {
            keep(reached);
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw TransferException.of("cannot read " + path, e);
        }
    }
}
