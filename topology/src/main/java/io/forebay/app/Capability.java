package io.forebay.app;

import io.forebay.command.DecidingHealth;
import io.forebay.routing.StoreRef;
import org.apache.kafka.streams.Topology;

/**
 * One capability as it runs: a Kafka Streams application of its own.
 *
 * @param name of the capability
 * @param store its deciding store
 * @param topology what it runs
 * @param health what its tasks say of themselves
 */
record Capability(String name, StoreRef store, Topology topology, DecidingHealth health) {}
