package io.forebay.routing;

import org.apache.kafka.common.TopicPartition;

/** The partition's owner answered, but its state did not reach the wanted position in time. A later try may find it there. */
public final class PositionNotReachedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TopicPartition partition;

    public PositionNotReachedException(TopicPartition partition) {
        super(partition + " did not reach the wanted position in time");
        this.partition = partition;
    }

    /** The source partition that is behind. */
    public TopicPartition partition() {
        return partition;
    }
}
