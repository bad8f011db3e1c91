package io.forebay.command;

import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to several partitions as one: all of them are taken in, or none is. Each partition decides its own when it
 * gets there, and whoever reads at all of their positions sees the whole. What may be refused is to be checked before: a
 * partition that refuses its part does not undo the others.
 *
 * <p>It is one Kafka transaction (KIP-98). The producers are few and each has an id that the instance keeps over restarts,
 * so that a transaction which its predecessor left open is ended at once; an open one holds up the readers of its partitions
 * for as long as its time-out. A producer that failed is closed, and another takes its id and so ends what it left.
 */
public final class TransactionalSender implements AutoCloseable {

    /**
     * A command to a partition.
     *
     * @param partition of the input topic
     * @param key record key
     * @param value in the wire format of the topic
     * @param requestId id of its own under which the partition keeps its outcome; null for that of all
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the producer; nothing compares it
    public record Part(
            int partition,
            byte[] key,
            byte[] value,
            @Nullable String requestId) {

        /** A command without an id of its own. */
        public Part(int partition, byte[] key, byte[] value) {
            this(partition, key, value, null);
        }
    }

    private static final int MOST_WAITING = 1_000;
    private static final long STOP_SECONDS = 5;

    private final Function<String, Producer<byte[], byte @Nullable []>> producers;
    private final BlockingQueue<Slot> idle;
    private final List<Slot> slots = new ArrayList<>();
    private final ExecutorService workers;

    /** The name of a place for one transaction at a time, and the producer that has it, if one has. */
    private static final class Slot {

        private final String id;
        private @Nullable Producer<byte[], byte @Nullable []> producer;

        Slot(String id) {
            this.id = id;
        }
    }

    /**
     * A sender.
     *
     * @param producers makes the producer of a slot, under a transactional id of this slot and instance alone that is the
     *     same after a restart; called when the slot is first used
     * @param id start of the slots' names
     * @param size how many transactions may be under way at once
     */
    public TransactionalSender(Function<String, Producer<byte[], byte @Nullable []>> producers, String id, int size) {
        this.producers = producers;
        this.idle = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            Slot slot = new Slot(id + "-" + i);
            slots.add(slot);
            idle.add(slot);
        }
        this.workers = new ThreadPoolExecutor(
                size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "forebay-transactions");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Sends the parts of one command. Those to one partition have ids of their own, or nobody asks for their outcomes.
     *
     * @param requestId id under which each partition keeps its outcome; null when nobody will ask
     * @return a receipt for each part, in their order, once all are committed; fails with a {@link KafkaException} when
     *     they are not, in which case all or none of them may have been appended nevertheless
     */
    public CompletionStage<List<Receipt>> send(TopicSpec topic, List<Part> parts, @Nullable String requestId) {
        CompletableFuture<List<Receipt>> receipts = new CompletableFuture<>();
        try {
            workers.execute(() -> {
                try {
                    receipts.complete(send(topic.name(), parts, requestId));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    receipts.completeExceptionally(new KafkaException("the service is stopping", e));
                } catch (RuntimeException e) {
                    receipts.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            receipts.completeExceptionally(new KafkaException("too many transactions are waiting", e));
        }
        return receipts;
    }

    private List<Receipt> send(String topic, List<Part> parts, @Nullable String requestId) throws InterruptedException {
        Slot slot = idle.take();
        try {
            Producer<byte[], byte @Nullable []> producer = producer(slot);
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>(parts.size());
            for (Part part : parts) {
                sent.add(producer.send(record(topic, part, part.requestId() == null ? requestId : part.requestId())));
            }
            commit(producer);
            List<Receipt> receipts = new ArrayList<>(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                receipts.add(receipt(topic, parts.get(i), sent.get(i).get()));
            }
            return receipts;
        } catch (ExecutionException | RuntimeException e) {
            discard(slot);
            throw e instanceof KafkaException failure ? failure : new KafkaException("not committed", e);
        } finally {
            idle.add(slot);
        }
    }

    private Producer<byte[], byte @Nullable []> producer(Slot slot) {
        Producer<byte[], byte @Nullable []> producer = slot.producer;
        if (producer == null) {
            producer = producers.apply(slot.id);
            slot.producer = producer;
            producer.initTransactions();
        }
        return producer;
    }

    /** A commit that timed out may be asked for again, and is then the same commit. */
    private static void commit(Producer<byte[], byte @Nullable []> producer) {
        try {
            producer.commitTransaction();
        } catch (TimeoutException e) {
            producer.commitTransaction();
        }
    }

    /** The next user of the slot has a new producer, whose start aborts what this one left open. */
    private static void discard(Slot slot) {
        Producer<byte[], byte @Nullable []> failed = slot.producer;
        slot.producer = null;
        if (failed != null) {
            abort(failed);
            failed.close(Duration.ZERO);
        }
    }

    private static void abort(Producer<byte[], byte @Nullable []> failed) {
        try {
            failed.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // It has none open, or is fenced, or cannot reach the broker: the transaction's time-out aborts it.
        }
    }

    private static ProducerRecord<byte[], byte @Nullable []> record(
            String topic, Part part, @Nullable String requestId) {
        ProducerRecord<byte[], byte @Nullable []> record =
                new ProducerRecord<>(topic, part.partition(), part.key(), part.value());
        if (requestId != null) {
            record.headers().add(HeaderNames.REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private static Receipt receipt(String topic, Part part, RecordMetadata metadata) {
        return new Receipt(
                new TopicPartition(topic, part.partition()),
                metadata.offset(),
                KeptOutcome.fingerprint(part.key(), part.value()));
    }

    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
                workers.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        for (Slot slot : slots) {
            Producer<byte[], byte @Nullable []> producer = slot.producer;
            if (producer != null) {
                producer.close(Duration.ofSeconds(1));
            }
        }
    }
}
