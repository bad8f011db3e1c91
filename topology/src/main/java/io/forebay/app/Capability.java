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
 * @param store its deciding store
 * @param topology what it runs
 * @param health what its tasks say of themselves
 * @param resources its calls
 * @param problems what else keeps it from being ready
 */
record Capability(
        String name,
        StoreRef store,
        Topology topology,
        DecidingHealth health,
        List<Resource> resources,
        Supplier<List<String>> problems) {

    /** A capability of which its tasks say all there is. */
    Capability(String name, StoreRef store, Topology topology, DecidingHealth health, List<Resource> resources) {
        this(name, store, topology, health, resources, List::of);
    }
}
