/**
 * A Kafka broker inside this process, for one machine: one KRaft node, started and stopped like any other resource.
 * Hides Kafka's server classes; only {@code KafkaNode} touches them.
 */
@NullMarked
package io.forebay.embedded;

import org.jspecify.annotations.NullMarked;
