/** The store engine under a running Kafka Streams application on a real broker: what is left after a kill, and how it comes back. */
@NullMarked
package io.forebay.it.store;

import org.jspecify.annotations.NullMarked;
