package io.forebay.schemas.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Record keys that address a partition itself. They hold a bare percent sign and so are never the canonical form of a path;
 * their partition is the producer's choice.
 */
public final class ReservedKeys {

    private static final byte[] TICK = "%tick".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PARTITION = "%partition".getBytes(StandardCharsets.US_ASCII);

    private ReservedKeys() {}

    /** Key of a tick: with a null value it asks the partition to go on with its own pending work. A fresh copy. */
    public static byte[] tick() {
        return TICK.clone();
    }

    /** Key of a command to the partition it is on, whatever keys it may concern there. A fresh copy. */
    public static byte[] partition() {
        return PARTITION.clone();
    }

    /** Whether this is the key of a command to its partition. */
    public static boolean isPartition(byte[] recordKey) {
        return Arrays.equals(PARTITION, recordKey);
    }

    /** Whether this is the key of a tick. */
    public static boolean isTick(byte[] recordKey) {
        return Arrays.equals(TICK, recordKey);
    }
}
