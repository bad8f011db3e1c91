/**
 * A small schema registry for development: it speaks the part of Confluent's REST API that clients use, for Avro only,
 * and keeps what it is told in a compacted topic. Hides the topic's format and the rules of compatibility. It is no
 * registry for production: one writer, no authentication, nothing is ever deleted.
 */
@NullMarked
package io.forebay.registry;

import org.jspecify.annotations.NullMarked;
