package io.forebay.events.state;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a recorded event that are read by their place, whatever schema it was written under.
 *
 * @param partition of the command that appended it
 * @param offset of that command
 * @param insertedAt when it was appended, in milliseconds since the epoch
 * @param last whether it is the last event of its command
 * @param sequence its place in the partition, from 1
 * @param streamVersion its place in its stream, from 1
 * @param sealedBy the version of the key that seals it; null where it is in clear
 */
public record EventLead(
        int partition,
        long offset,
        long insertedAt,
        boolean last,
        long sequence,
        long streamVersion,
        String type,
        String domain,
        String instanceId,
        String id,
        @Nullable Long sealedBy) {

    private static final int HEAD = 5;

    /** Reads them from a value of the log. */
    public static EventLead of(byte[] value) {
        AvroFields fields = new AvroFields(value, HEAD);
        return new EventLead(
                Math.toIntExact(fields.number()),
                fields.number(),
                fields.number(),
                fields.flag(),
                fields.number(),
                fields.number(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.numberOrNull());
    }
}
