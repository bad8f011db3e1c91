package io.forebay.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a feature's sync records. Stateless, called by the hub's own threads. */
@FunctionalInterface
public interface ChangeCodec {

    /**
     * Decodes one record of the sync topic.
     *
     * @throws RuntimeException if the record cannot be read; the hub logs the first of a run, counts it and goes on with the next
     */
    StreamChange decode(ConsumerRecord<byte[], byte[]> record);
}
