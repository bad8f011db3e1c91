package io.forebay.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A value that could not be written. The message never holds any of the value. */
public final class EncodeException extends SerializationException {

    private static final long serialVersionUID = 1L;

    /** Why a value could not be written. */
    public enum Reason {
        /** A string holds half of a surrogate pair, which has no UTF-8 form. */
        LONE_SURROGATE,
        /** The registry gave no answer. */
        REGISTRY_UNAVAILABLE,
        /** The registry refuses the schema, or does not have it and may not be given it. */
        SCHEMA_REFUSED,
        /** The value does not follow its schema. */
        UNENCODABLE
    }

    private final Reason reason;

    EncodeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the value could not be written. */
    public Reason reason() {
        return reason;
    }

    /** Whether the same value may be writable later. */
    public boolean retryable() {
        return reason == Reason.REGISTRY_UNAVAILABLE;
    }
}
