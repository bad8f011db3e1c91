/**
 * The engine under every store: one RocksDB database per store and partition, with records, derived index entries and
 * counters, and its own bookkeeping, behind Kafka Streams' key-value store interface. It owns positions, snapshots, the
 * memory budget and what happens to a database that cannot be trusted; it hides RocksDB, the frame of values and the
 * restore from the changelog. It knows no feature.
 */
@NullMarked
package io.forebay.store;

import org.jspecify.annotations.NullMarked;
