package io.forebay.command;

/**
 * Appends ticks to input partitions. A tick is a record with the reserved key and no value: it asks the partition's
 * writer to continue its own pending work, at a point of the log where everybody would continue it. Ticks too many, late
 * ones and those of a former owner are harmless.
 */
@FunctionalInterface
public interface Ticks {

    /**
     * Appends one tick, without blocking the caller.
     *
     * @param failed called when it could not be appended, on any thread
     */
    void append(String topic, int partition, Runnable failed);
}
