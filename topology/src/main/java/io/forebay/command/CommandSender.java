package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands: a write over HTTP is a record on the input topic and nothing else. The producer is idempotent and waits
 * for all in-sync replicas, so what is acknowledged is in the log once.
 *
 * <p>{@code Producer.send} may block while it has no metadata or no room, so sending happens on a thread of its own and in
 * the order of the calls.
 */
public final class CommandSender {

    private final Producer<byte[], byte @Nullable []> producer;
    private final ExecutorService sending;

    /**
     * Sends through a producer.
     *
     * @param producer not closed here
     * @param sending a single thread; not closed here
     */
    public CommandSender(Producer<byte[], byte @Nullable []> producer, ExecutorService sending) {
        this.producer = producer;
        this.sending = sending;
    }

    /**
     * Sends a command.
     *
     * @param value the command in the wire format of its topic
     * @param requestId id under which its outcome is kept and repeated; null when nobody will ask
     * @return completes when it is acknowledged; fails with a {@link KafkaException} when it is not, in which case it may
     *     have been appended nevertheless
     */
    public CompletionStage<Receipt> send(TopicSpec topic, Path key, byte[] value, @Nullable String requestId) {
        return send(topic, topic.partitionFor(key), key.toBytes(), value, requestId);
    }

    /** As {@link #send}, for a command to a partition itself. */
    public CompletionStage<Receipt> sendToPartition(
            TopicSpec topic, int partition, byte[] value, @Nullable String requestId) {
        return send(topic, partition, ReservedKeys.partition(), value, requestId);
    }

    private CompletionStage<Receipt> send(
            TopicSpec topic, int partition, byte[] keyBytes, byte[] value, @Nullable String requestId) {
        ProducerRecord<byte[], byte @Nullable []> record =
                new ProducerRecord<>(topic.name(), partition, keyBytes, value);
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        byte[] fingerprint = KeptOutcome.fingerprint(keyBytes, value);
        TopicPartition to = new TopicPartition(topic.name(), partition);
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        try {
            sending.execute(() -> send(record, to, fingerprint, receipt));
        } catch (RejectedExecutionException e) {
            receipt.completeExceptionally(new KafkaException("the service is stopping", e));
        }
        return receipt;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every result
    private void send(
            ProducerRecord<byte[], byte @Nullable []> record,
            TopicPartition to,
            byte[] fingerprint,
            CompletableFuture<Receipt> receipt) {
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    receipt.complete(new Receipt(to, metadata.offset(), fingerprint));
                } else {
                    receipt.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            receipt.completeExceptionally(e);
        }
    }
}
