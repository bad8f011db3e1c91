package io.forebay.registry;

/** A request that the registry refuses, with Confluent's error code. */
final class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int errorCode;

    RegistryException(int errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(40401, "Subject '%s' not found.".formatted(subject));
    }

    static RegistryException versionNotFound(int version) {
        return new RegistryException(40402, "Version %d not found.".formatted(version));
    }

    static RegistryException schemaNotFound() {
        return new RegistryException(40403, "Schema not found");
    }

    static RegistryException schemaNotFound(int id) {
        return new RegistryException(40403, "Schema %d not found".formatted(id));
    }

    static RegistryException invalidSchema(String detail) {
        return new RegistryException(42201, "Invalid schema: " + detail);
    }

    /** The code of the answer's body; its first three digits are the HTTP status. */
    int errorCode() {
        return errorCode;
    }

    int httpStatus() {
        return errorCode > 999 ? errorCode / 100 : errorCode;
    }
}
