package io.forebay.schemas.serde;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * The registry as the serdes see it: what an answer of its client means.
 *
 * <p>Only an error code of the registry's own (40401 to 40499) says that a schema is not there. A bare 404 is what a wrong
 * address or a proxy answers; taking it for a verdict would set every record aside, so it counts as no answer, like refused
 * credentials and everything else that an operator puts right.
 */
final class Registry {

    private static final int FIRST_NOT_FOUND = 40400;
    private static final int LAST_NOT_FOUND = 40499;

    /** What the client's IOException says when the registry did answer, with a schema that is no Avro schema. */
    private static final String INVALID_SCHEMA = "Invalid schema";

    private final SchemaRegistryClient client;

    Registry(SchemaRegistryClient client) {
        this.client = client;
    }

    /**
     * The schema of an id; kept once known.
     *
     * @throws DecodeException when there is none, or the registry gave no answer
     */
    ParsedSchema schema(int id) {
        try {
            return client.getSchemaById(id);
        } catch (RestClientException e) {
            if (isNotFound(e)) {
                throw new DecodeException(
                        DecodeException.Reason.UNKNOWN_SCHEMA, "the registry has no schema of id " + id, e);
            }
            throw new DecodeException(
                    DecodeException.Reason.REGISTRY_UNAVAILABLE, "the registry answered status " + e.getStatus(), e);
        } catch (IOException e) {
            if (isInvalidSchema(e)) {
                throw new DecodeException(
                        DecodeException.Reason.UNDECODABLE, "the schema of id " + id + " is no Avro schema", e);
            }
            throw new DecodeException(DecodeException.Reason.REGISTRY_UNAVAILABLE, "the registry cannot be reached", e);
        } catch (RuntimeException e) {
            // The registry did answer, with a schema of a type or of a form that the client cannot take.
            throw new DecodeException(
                    DecodeException.Reason.UNDECODABLE, "the schema of id " + id + " is no Avro schema", e);
        }
    }

    /** Whether values of a schema are written under an id exactly as the schema says: the same schema, and without rules. */
    boolean hasUnder(int id, Schema schema) {
        try {
            ParsedSchema registered = schema(id);
            return registered.ruleSet() == null
                    && registered.rawSchema() instanceof Schema avro
                    && SchemaNormalization.toParsingForm(avro).equals(SchemaNormalization.toParsingForm(schema));
        } catch (DecodeException noAnswer) {
            return false;
        }
    }

    /** What a failure to serialize means. */
    static EncodeException encodeFailure(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                int status = answer.getStatus();
                boolean refused = isNotFound(answer) || status == 409 || status == 422;
                return new EncodeException(
                        refused ? EncodeException.Reason.SCHEMA_REFUSED : EncodeException.Reason.REGISTRY_UNAVAILABLE,
                        "the registry answered status " + status,
                        failure);
            }
            if (cause instanceof IOException) {
                return new EncodeException(
                        EncodeException.Reason.REGISTRY_UNAVAILABLE, "the registry cannot be reached", failure);
            }
        }
        return new EncodeException(EncodeException.Reason.UNENCODABLE, "the value does not follow its schema", failure);
    }

    private static boolean isNotFound(RestClientException e) {
        return e.getErrorCode() >= FIRST_NOT_FOUND && e.getErrorCode() <= LAST_NOT_FOUND;
    }

    private static boolean isInvalidSchema(IOException e) {
        @Nullable String message = e.getMessage();
        return e.getClass() == IOException.class && message != null && message.startsWith(INVALID_SCHEMA);
    }
}
