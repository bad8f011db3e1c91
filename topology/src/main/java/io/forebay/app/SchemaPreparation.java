package io.forebay.app;

import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Makes the schemas of everything this process writes known before anything runs, so that no stream thread ever waits for
 * the registry to write; and that of row changes, so that their producers find it there.
 */
final class SchemaPreparation {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private SchemaPreparation() {}

    static void prepare(AvroSerdes serdes, TopicCatalogue catalogue, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                serdes.serializer(PresenceCommand.class)
                        .serialize(
                                catalogue.presence().name(), new PresenceCommand(new CreatePresence(null, "{}", null)));
                serdes.serializer(PresenceChanged.class)
                        .serialize(
                                catalogue.presenceSync().name(),
                                PresenceChanged.newBuilder()
                                        .setGuildId("0")
                                        .setUserId("0")
                                        .setSource(new SourcePosition(0, 0L))
                                        .setUnitOffset(0L)
                                        .setUnitIndex(0)
                                        .setUnitLast(true)
                                        .build());
                serdes.serializer(KeyCommand.class)
                        .serialize(catalogue.keys().name(), new KeyCommand(new PutKeys(List.of())));
                serdes.serializer(KeyChanged.class)
                        .serialize(
                                catalogue.keysSync().name(),
                                KeyChanged.newBuilder()
                                        .setKey("")
                                        .setType(KeyChange.put)
                                        .setValue(ByteBuffer.allocate(0))
                                        .setContentType("")
                                        .setVersion(0L)
                                        .setSource(new SourcePosition(0, 0L))
                                        .setUnitOffset(0L)
                                        .setUnitIndex(0)
                                        .setUnitLast(true)
                                        .build());
                serdes.serializer(RowChange.class)
                        .serialize(
                                catalogue.changes().name(),
                                RowChange.newBuilder()
                                        .setOp(RowOperation.truncated)
                                        .setTable("")
                                        .build());
                serdes.serializer(EventCommand.class)
                        .serialize(catalogue.events().name(), new EventCommand(new AppendEvents(List.of(), List.of())));
                serdes.serializer(RecordedEvent.class)
                        .serialize(
                                catalogue.eventLog().name(),
                                RecordedEvent.newBuilder()
                                        .setSource(new SourcePosition(0, 0L))
                                        .setInsertedAt(Instant.EPOCH)
                                        .setUnitLast(true)
                                        .setSequenceNumber(0L)
                                        .setStreamVersion(0L)
                                        .setType("")
                                        .setDomain("")
                                        .setInstanceId("")
                                        .setId("")
                                        .setVersion(null)
                                        .setData("{}")
                                        .setContentType(null)
                                        .setMetadata(null)
                                        .build());
                return;
            } catch (SerializationException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new StartException(
                            "the schema registry did not take or know the schemas within " + timeout.toSeconds()
                                    + " s (schema.registry.url): " + rootMessage(e),
                            e);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
