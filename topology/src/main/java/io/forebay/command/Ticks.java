package io.forebay.command;

/**
 * Appends ticks to input partitions. A tick is a record with the reserved key and no value: it asks the partition's
 * writer to continue its own pending work, at a point of the log where everybody would continue it. Ticks too many, late
 * ones and those of a former owner are harmless.
 */
@FunctionalInterface
public interface Ticks {

    /** Told what became of a tick, on any thread. */
    interface Result {

        /**
         * It was appended.
         *
         * @param appendTime what the broker stamped it with, in milliseconds since the epoch
         */
        void appended(long appendTime);

        /** It could not be appended. */
        void failed();
    }

    /** Appends one tick, without blocking the caller. */
    void append(String topic, int partition, Result result);
}
