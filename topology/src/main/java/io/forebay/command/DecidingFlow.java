package io.forebay.command;

import io.forebay.dataflow.Dataflow;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Indexing;
import io.forebay.store.StoreSpec;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/**
 * The shape that every deciding capability has: one input topic, a deciding store, the dead letters, and either a sync topic
 * that tells its changes or stores beside the deciding one whose changelogs do.
 */
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
        Dataflow flow = new Dataflow();
        String node = addTo(flow, name, deciding, indexing, changelog);
        flow.sink(sync, node);
        flow.openSink(deadLetters, node);
        return flow.topology();
    }

    /**
     * A store beside the deciding one.
     *
     * @param changelog the topic that others read it by
     */
    public record Side(StoreSpec store, TopicSpec changelog) {}

    /**
     * Wires a capability that has stores beside its deciding one.
     *
     * @param name of the deciding node
     * @param deciding what it is made of
     * @param beside the stores that it names
     * @param changelog topic properties of the deciding store's changelog
     * @param deadLetters the topic its refused records go to
     */
    public static Topology withStores(
            String name,
            Deciding<?> deciding,
            List<Side> beside,
            Map<String, String> changelog,
            TopicSpec deadLetters) {
        Dataflow flow = new Dataflow();
        String node = addTo(flow, name, deciding, Indexing.NONE, changelog);
        for (Side side : beside) {
            flow.store(deciding.engine().builder(side.store(), side.changelog().properties()), node);
        }
        flow.openSink(deadLetters, node);
        return flow.topology();
    }

    /**
     * Adds the source of a capability's input and its deciding node with its store, and none of its sinks.
     *
     * @return the node's name
     */
    public static String addTo(
            Dataflow flow, String name, Deciding<?> deciding, Indexing indexing, Map<String, String> changelog) {
        StoreSpec store = new StoreSpec(
                deciding.store(),
                new CommandIndexing(indexing),
                deciding.input().name());
        String source = flow.source(deciding.input());
        return flow.processor(
                name, () -> new DecidingProcessor<>(deciding), deciding.engine().builder(store, changelog), source);
    }
}
