package io.forebay.app;

import io.forebay.command.DecidingHealth;
import io.forebay.http.Resource;
import io.forebay.routing.StoreRef;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/**
 * One capability as it runs: a Kafka Streams application of its own, and the calls that ask it.
 *
 * @param name of the capability
 * @param stages what decides in it, in the order of the data; at least one
 * @param topology what it runs
 * @param resources its calls
 * @param problems what else keeps it from being ready
 */
record Capability(
        String name, List<Stage> stages, Topology topology, List<Resource> resources, Supplier<List<String>> problems) {

    /**
     * A deciding stage.
     *
     * @param store its deciding store
     * @param health what its tasks say of themselves
     */
    record Stage(StoreRef store, DecidingHealth health) {}

    Capability {
        stages = List.copyOf(stages);
    }

    /** A capability of one stage. */
    Capability(
            String name,
            StoreRef store,
            Topology topology,
            DecidingHealth health,
            List<Resource> resources,
            Supplier<List<String>> problems) {
        this(name, List.of(new Stage(store, health)), topology, resources, problems);
    }

    /** A capability of one stage, of which its tasks say all there is. */
    Capability(String name, StoreRef store, Topology topology, DecidingHealth health, List<Resource> resources) {
        this(name, store, topology, health, resources, List::of);
    }

    /** Its Kafka Streams application. */
    String application() {
        return stages.get(0).store().application();
    }
}
