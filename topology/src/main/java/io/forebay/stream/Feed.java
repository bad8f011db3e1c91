package io.forebay.stream;

/**
 * One sync topic as the hub reads it. All streams over a topic share one feed: the first codec to come is the one that decodes.
 *
 * @param sourceTopic name of the input topic whose offsets the changes carry; a position given as a stream's start speaks of it
 * @param syncTopic name of the topic that tells the changes, partitioned as the source topic is
 * @param codec reads the sync topic's records
 */
public record Feed(String sourceTopic, String syncTopic, ChangeCodec codec) {}
