package io.forebay.erasure;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * What an erasure reaches the cluster with. The clients stay the caller's to close.
 *
 * @param committed reads what is committed, in no group
 * @param uncommitted reads everything, in no group
 * @param timeout how long one request may take
 */
public record ErasureClients(
        Admin admin,
        Producer<byte[], byte[]> producer,
        Consumer<byte[], byte[]> committed,
        Consumer<byte[], byte[]> uncommitted,
        Duration timeout) {}
