package io.forebay.dataflow;

import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicSpec;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One topology in the making. Sources deliver bytes: decoding is the processor's, so that a record that cannot be decoded
 * has a position and becomes a dead letter like any other. Nodes are named {@code <topic id>-source}, {@code <name>} and
 * {@code <topic id>-sink}.
 */
public final class Dataflow {

    private final Topology topology;

    /** A topology with nothing in it. */
    public Dataflow() {
        this(new Topology());
    }

    /** Goes on with a topology. */
    public Dataflow(Topology topology) {
        this.topology = topology;
    }

    /**
     * Reads a topic of the catalogue.
     *
     * @return the node's name
     */
    public String source(TopicSpec topic) {
        String name = topic.id() + "-source";
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                new AppendTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name());
        return name;
    }

    /**
     * Adds a processor with a store of its own.
     *
     * @return the node's name
     */
    public String processor(
            String name,
            ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier,
            StoreBuilder<KeyValueStore<Bytes, byte[]>> store,
            String parent) {
        topology.addProcessor(name, supplier, parent);
        topology.addStateStore(store, name);
        return name;
    }

    /**
     * Adds a processor without a store.
     *
     * @return the node's name
     */
    public String processor(String name, ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier, String parent) {
        topology.addProcessor(name, supplier, parent);
        return name;
    }

    /** Gives a processor one more store. */
    public void store(StoreBuilder<KeyValueStore<Bytes, byte[]>> store, String processor) {
        topology.addStateStore(store, processor);
    }

    /** The name of the sink of a topic, known before it is added. */
    public static String sinkName(TopicSpec topic) {
        return topic.id() + "-sink";
    }

    /** Writes a topic of the catalogue, on the partitions that the catalogue computes from the keys. */
    public void sink(TopicSpec topic, String parent) {
        sink(sinkName(topic), topic, parent);
    }

    /** As {@link #sink(TopicSpec, String)}, where the topology has another sink of the topic, under a name of its own. */
    public void sink(String name, TopicSpec topic, String parent) {
        topology.addSink(
                name,
                topic.name(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (topicName, key, value, partitions) -> Optional.of(Set.of(topic.partitionFor(key))),
                parent);
    }

    /** Writes a topic with keys that may be anything, null included, on whichever partitions. */
    public void openSink(TopicSpec topic, String parent) {
        topology.addSink(sinkName(topic), topic.name(), new ByteArraySerializer(), new ByteArraySerializer(), parent);
    }

    /** As {@link #openSink(TopicSpec, String)}, where the topology has another sink of the topic, under a name of its own. */
    public String openSink(String name, TopicSpec topic, String parent) {
        topology.addSink(name, topic.name(), new ByteArraySerializer(), new ByteArraySerializer(), parent);
        return name;
    }

    /**
     * Writes commands to a topic of the catalogue: on the partitions that the catalogue computes from the keys, and those to
     * a partition itself on every partition.
     */
    public void commandSink(TopicSpec topic, String parent) {
        Set<Integer> all = IntStream.range(0, topic.partitions()).boxed().collect(Collectors.toUnmodifiableSet());
        topology.addSink(
                sinkName(topic),
                topic.name(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (name, key, value, partitions) ->
                        Optional.of(ReservedKeys.isPartition(key) ? all : Set.of(topic.partitionFor(key))),
                parent);
    }

    /** What was wired. */
    public Topology topology() {
        return topology;
    }
}
