package io.forebay.command;

import io.forebay.dataflow.Dataflow;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Indexing;
import io.forebay.store.StoreSpec;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The shape that every deciding capability has: one input topic, one store, a sync topic and the dead letters. */
public final class DecidingFlow {

    private DecidingFlow() {}

    /**
     * Wires a capability.
     *
     * @param name of the deciding node
     * @param deciding what it is made of
     * @param indexing of the feature's keys
     * @param changelog topic properties of the store's changelog
     * @param sync the topic its changes go to
     * @param deadLetters the topic its refused records go to
     */
    public static Topology of(
            String name,
            Deciding<?> deciding,
            Indexing indexing,
            Map<String, String> changelog,
            TopicSpec sync,
            TopicSpec deadLetters) {
        StoreSpec store = new StoreSpec(
                deciding.store(),
                new CommandIndexing(indexing),
                deciding.input().name());
        Dataflow flow = new Dataflow();
        String source = flow.source(deciding.input());
        String node = flow.processor(
                name, () -> new DecidingProcessor<>(deciding), deciding.engine().builder(store, changelog), source);
        flow.sink(sync, node);
        flow.openSink(deadLetters, node);
        return flow.topology();
    }
}
