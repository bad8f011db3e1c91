package io.forebay.postgres;

import org.jspecify.annotations.Nullable;

/** A catalogue that cannot be read. The message is one sentence that says why, for the terminal; it holds no secret. */
public final class CatalogueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CatalogueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
