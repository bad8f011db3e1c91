package io.forebay.command;

import io.forebay.schemas.topic.ReservedKeys;
import org.jspecify.annotations.Nullable;

/**
 * Appends what a partition's owner tells its own partition: ticks, and commands about what it alone knows of. A tick is a
 * record with the reserved key and no value: it asks the partition's writer to continue its own pending work, at a point of
 * the log where everybody would continue it. Ticks too many, late ones and those of a former owner are harmless.
 *
 * <p>Records of one partition are appended in the order in which they were asked for.
 */
@FunctionalInterface
public interface Ticks {

    /** Told what became of a record, on any thread. */
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

    /** Appends one record, without blocking the caller. */
    void append(String topic, int partition, byte[] key, byte @Nullable [] value, Result result);

    /** Appends a tick. */
    default void append(String topic, int partition, Result result) {
        append(topic, partition, ReservedKeys.tick(), null, result);
    }
}
