package io.forebay.command;

import io.forebay.schemas.position.Position;
import org.apache.kafka.common.TopicPartition;

/**
 * That a command is in the log: acknowledged by all in-sync replicas.
 *
 * @param partition where
 * @param offset at which offset
 * @param fingerprint of the command, to find its outcome
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the outcome's query; nothing compares it
public record Receipt(TopicPartition partition, long offset, byte[] fingerprint) {

    /** The position that a read needs to see what the command did. */
    public Position position() {
        return Position.of(partition, offset);
    }
}
