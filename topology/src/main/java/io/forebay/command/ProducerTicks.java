package io.forebay.command;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Appends ticks through a producer of its own, on a thread of its own: a producer may block, a stream thread may not. */
public final class ProducerTicks implements Ticks, AutoCloseable {

    private final Producer<byte[], byte @Nullable []> producer;
    private final ExecutorService appender = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "forebay-ticks");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Appends through a producer.
     *
     * @param producer not closed here
     */
    public ProducerTicks(Producer<byte[], byte @Nullable []> producer) {
        this.producer = producer;
    }

    @Override
    public void append(String topic, int partition, byte[] key, byte @Nullable [] value, Result result) {
        try {
            appender.execute(() -> send(new ProducerRecord<>(topic, partition, key, value), result));
        } catch (RejectedExecutionException e) {
            result.failed();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every result
    private void send(ProducerRecord<byte[], byte @Nullable []> record, Result result) {
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    result.failed();
                } else {
                    result.appended(metadata.timestamp());
                }
            });
        } catch (KafkaException e) {
            result.failed();
        }
    }

    @Override
    public void close() {
        appender.shutdownNow();
        try {
            appender.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
