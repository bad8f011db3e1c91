package io.forebay.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory that holds everything a process keeps on this machine, held by one process at a time.
 *
 * <p>Its files: {@code lock} (the operating system's lock on it is what counts, so a process that was killed leaves
 * nothing to clean up; the process id in it is for the message only), {@code version} (the layout, so that a program
 * that would misread a newer one refuses it), {@code kafka/} (the embedded broker) and {@code state/} (the stores, which
 * can be rebuilt from Kafka).
 */
public final class DataDirectory implements AutoCloseable {

    /** The layout that this program reads and writes. */
    static final int LAYOUT = 1;

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Takes hold of a directory, making it where it does not exist.
     *
     * @param directory the directory, absolute or relative to the working directory
     * @return the directory, to be closed by the caller
     * @throws StartException where it cannot be made or written, is held by another process or has a layout that this
     *     program does not know
     */
    public static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw new StartException("data directory %s: %s is not a directory".formatted(root, e.getFile()), e);
        } catch (IOException e) {
            throw unusable(root, e);
        }
        FileChannel channel = openLockFile(root);
        try {
            FileLock lock = lock(root, channel);
            DataDirectory data = new DataDirectory(root, channel, lock);
            data.prepare();
            return data;
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw unusable(root, e);
        } catch (RuntimeException e) {
            closeQuietly(channel, e);
            throw e;
        }
    }

    /**
     * The directory itself.
     *
     * @return its absolute path
     */
    public Path root() {
        return root;
    }

    /**
     * Where the embedded broker keeps its logs.
     *
     * @return an absolute path; the directory need not exist
     */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /**
     * Where the state stores are.
     *
     * @return the absolute path of an existing directory
     */
    public Path state() {
        return root.resolve("state");
    }

    /** Lets go of the directory; another process may open it then. */
    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new StartException("data directory %s cannot be let go: %s".formatted(root, e.getMessage()), e);
        }
    }

    private static FileChannel openLockFile(Path root) {
        try {
            return FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(root, e);
        }
    }

    private static FileLock lock(Path root, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            // Not byte 0, because Windows refuses other processes to read what is locked, and they want to name the
            // holder.
            lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            throw new StartException("data directory %s is in use by this process".formatted(root), e);
        }
        if (lock == null) {
            throw new StartException(
                    "data directory %s is in use by process %s: stop it, or choose another directory with --data-dir"
                            .formatted(root, holder(channel)));
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)), 0);
        return lock;
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        channel.read(content, 0);
        String pid = UTF_8.decode(content.flip()).toString();
        return pid.isEmpty() ? "(unknown)" : pid;
    }

    private void prepare() throws IOException {
        Path version = root.resolve("version");
        if (Files.exists(version)) {
            String found = Files.readString(version).strip();
            if (!found.equals(Integer.toString(LAYOUT))) {
                throw new StartException(
                        "data directory %s has layout \"%s\" and this program knows layout %d: use the program that wrote it, or another directory"
                                .formatted(root, found, LAYOUT));
            }
        } else {
            Files.writeString(version, LAYOUT + "\n");
        }
        Files.createDirectories(state());
    }

    private static StartException unusable(Path root, IOException e) {
        return new StartException(
                "data directory %s cannot be written: %s; choose another with --data-dir".formatted(root, reason(e)),
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "permission denied for " + denied.getFile();
        }
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static void closeQuietly(FileChannel channel, Exception failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
