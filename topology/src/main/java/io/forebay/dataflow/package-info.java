/**
 * Typed wiring: sources and sinks over the catalogue's topics, with explicit names. Node and store names shape changelog
 * topics and metrics, so they are public API. Hides the topology builder from everything but flows.
 */
@NullMarked
package io.forebay.dataflow;

import org.jspecify.annotations.NullMarked;
