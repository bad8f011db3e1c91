/**
 * Finding the owner of a partition and asking it: locally through {@code KafkaStreams.query}, or by one hop to the instance that has it; waiting for
 * positions; scattering over all partitions and gathering in order. Results say what is missing. How queries travel between instances (CBOR), how
 * metadata is read and how an idle partition's position is caught up stay hidden here; no other package queries {@code KafkaStreams}.
 */
@NullMarked
package io.forebay.routing;

import org.jspecify.annotations.NullMarked;
