package io.forebay.routing;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Nobody answered for these partitions in time: they have no owner at the moment, or it cannot be reached. */
public final class PartitionUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Integer> partitions;

    public PartitionUnavailableException(String topic, SortedSet<Integer> partitions) {
        super("no answer for " + topic + " " + partitions);
        this.partitions = List.copyOf(new TreeSet<>(partitions));
    }

    /** The partitions without an answer, in order. */
    public List<Integer> partitions() {
        return partitions;
    }
}
