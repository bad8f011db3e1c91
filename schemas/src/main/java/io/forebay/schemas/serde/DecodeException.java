package io.forebay.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A value that could not be read. The message never holds any of the value. */
public final class DecodeException extends SerializationException {

    private static final long serialVersionUID = 1L;

    /** Why a value could not be read. */
    public enum Reason {
        /** The value is null, too short or does not start as Confluent's wire format does. */
        NOT_AVRO("not_avro"),
        /** The registry answers that it has no schema of that id. */
        UNKNOWN_SCHEMA("unknown_schema"),
        /** The registry gave no answer: nothing is known about the value yet. */
        REGISTRY_UNAVAILABLE("registry_unavailable"),
        /** The schema is of another record or cannot be read as ours, or the bytes do not follow it. */
        UNDECODABLE("undecodable");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** The stable code, for dead letters. */
        public String code() {
            return code;
        }

        /** Whether the same value may be readable later. */
        public boolean retryable() {
            return this == REGISTRY_UNAVAILABLE;
        }
    }

    private final Reason reason;

    DecodeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the value could not be read. */
    public Reason reason() {
        return reason;
    }

    /** Whether the same value may be readable later. */
    public boolean retryable() {
        return reason.retryable();
    }
}
