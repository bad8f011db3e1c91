package io.forebay.it.presence;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;

/** The topics of presences; a command's key is its guild. */
public final class PresenceTopics extends CapabilityTopics<PresenceCommand, PresenceChanged> {
    public PresenceTopics(Surroundings surroundings) {
        super(
                surroundings,
                surroundings.topics().presence(),
                surroundings.topics().presenceSync(),
                PresenceChanged.class);
    }

    /** The wire form of a command under another schema with the same fields, which is registered under the same subject. */
    public byte[] encodeAs(Schema schema, PresenceCommand command) {
        try (CachedSchemaRegistryClient client =
                new CachedSchemaRegistryClient(surroundings().registryUrl(), 10)) {
            int id = client.register(input().name() + "-value", new AvroSchema(schema));
            return ByteBuffer.wrap(encode(command)).putInt(1, id).array();
        } catch (IOException | RestClientException e) {
            throw new IllegalStateException(e);
        }
    }
}
