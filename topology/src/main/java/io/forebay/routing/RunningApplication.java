package io.forebay.routing;

import io.forebay.store.StoreEngine;
import org.apache.kafka.streams.KafkaStreams;

/**
 * One Kafka Streams application of this process.
 *
 * @param name its application id, which is its group's id as well
 * @param streams the running client
 * @param engine the engine under its stores
 */
public record RunningApplication(String name, KafkaStreams streams, StoreEngine engine) {}
