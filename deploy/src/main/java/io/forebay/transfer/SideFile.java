package io.forebay.transfer;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A small file beside another one, with how far a transfer has got. It is replaced as a whole: whoever reads it reads all of it. */
final class SideFile {

    private final Path path;

    private SideFile(Path path) {
        this.path = path;
    }

    static SideFile of(Path file, String suffix) {
        return new SideFile(beside(file, suffix));
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    Path path() {
        return path;
    }

    /** What it says; null where it is not there. */
    @Nullable
    JsonObject read() {
        try {
            return JsonObject.parse(Files.readString(path));
        } catch (NoSuchFileException e) {
            return null;
        } catch (JsonSyntaxException e) {
            throw new TransferException(path + " is not what a transfer keeps", e);
        } catch (IOException e) {
            throw TransferException.of("cannot read " + path, e);
        }
    }

    /** Replaces it. On return it is on the disk, or the one before is. */
    void write(String json) throws IOException {
        Path next = beside(path, ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
