package io.forebay.stream;

/**
 * One sync topic as the hub reads it. All streams over a topic share one feed: the first codec to come is the one that decodes.
 *
 * @param sourceTopic name of the input topic whose offsets the changes carry; a position given as a stream's start speaks of it
 * @param syncTopic name of the topic that tells the changes, partitioned as the source topic is
 * @param codec reads the sync topic's records
 * @param isLog whether the state is nothing but the changes in their order, and the topic keeps them for ever: then a stream that is cut off in its
 *     snapshot goes on from the topic
 * @param opener opens the changes that the codec makes closed
 */
public record Feed(String sourceTopic, String syncTopic, ChangeCodec codec, boolean isLog, ChangeOpener opener) {

    /** The feed of a state that changes. */
    public Feed(String sourceTopic, String syncTopic, ChangeCodec codec) {
        this(sourceTopic, syncTopic, codec, false, ChangeOpener.NONE);
    }
}
