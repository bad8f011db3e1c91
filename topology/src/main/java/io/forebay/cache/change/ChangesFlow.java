package io.forebay.cache.change;

import io.forebay.command.DecidingHealth;
import io.forebay.dataflow.Dataflow;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/**
 * From the topic of row changes to that of the commands to keys, where caches have theirs: a sub-topology of its own in the
 * application of keys. It is there whether or not a cache depends on a table, because members of a group run the same
 * topology, and configuration may differ among them while it is changed.
 */
public final class ChangesFlow {

    private static final String NODE = "changes-forward";
    private static final String DEAD_LETTERS = "changes-dead-letters-sink";

    private ChangesFlow() {}

    /** Adds it to the topology of keys. */
    public static Topology addTo(
            Topology keysTopology,
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            ChangesConfig config,
            KeysConfig keys,
            DecidingHealth health,
            ChangeStats stats) {
        TopicSpec changes = catalogue.changes();
        TopicSpec commands = catalogue.keys();
        Deserializer<RowChange> rows = serdes.deserializer(RowChange.class);
        Serializer<KeyCommand> invalidations = serdes.serializer(KeyCommand.class);
        Forwarding forwarding = new Forwarding(
                changes,
                Dataflow.sinkName(commands),
                DEAD_LETTERS,
                value -> rows.deserialize(changes.name(), value),
                command -> invalidations.serialize(commands.name(), command),
                config,
                keys.keyMaxBytes(),
                health,
                stats);
        Dataflow flow = new Dataflow(keysTopology);
        String node = flow.processor(NODE, () -> new ChangeForwarder(forwarding), flow.source(changes));
        flow.commandSink(commands, node);
        flow.openSink(DEAD_LETTERS, catalogue.deadLetters(), node);
        return flow.topology();
    }
}
