package io.forebay.routing;

import org.jspecify.annotations.Nullable;

/**
 * A query on its way to a peer.
 *
 * @param application the application that keeps the store
 * @param store the store
 * @param topic the source topic whose offsets {@code atLeast} counts
 * @param partition the partition
 * @param query the registered name of the query
 * @param body the query
 * @param atLeast the offset the state must have reached, -1 for any
 * @param waitMillis how long the peer may wait for that. A span and not a time: the instances' clocks are not compared
 * @param maxStalenessMillis when present, a standby may answer within it
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
record PeerRequest(
        String application,
        String store,
        String topic,
        int partition,
        String query,
        byte[] body,
        long atLeast,
        long waitMillis,
        @Nullable Long maxStalenessMillis) {}
