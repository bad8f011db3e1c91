package io.forebay.transfer;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A transfer that cannot go on. The message is for the terminal: what is wrong, where, and what is done until there. */
public final class TransferException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TransferException(String message) {
        super(message);
    }

    TransferException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What the operating system refused. */
    static TransferException of(String what, IOException cause) {
        return new TransferException(what + ": " + reason(cause), cause);
    }

    /** What was refused, without the file's name, which such messages may consist of. */
    static String reason(IOException cause) {
        if (cause instanceof FileSystemException refused) {
            String fallback = cause instanceof NoSuchFileException
                    ? "there is no such file"
                    : cause.getClass().getSimpleName().replace("Exception", "");
            return Objects.requireNonNullElse(refused.getReason(), fallback);
        }
        return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    }
}
