/**
 * The least that runs a store of the engine under Kafka Streams on a real broker, for tests whose subject is neither a capability nor how it
 * decides. Hides how such an application is configured and how its processor and its store find each other.
 */
@NullMarked
package io.forebay.it.engine;

import org.jspecify.annotations.NullMarked;
