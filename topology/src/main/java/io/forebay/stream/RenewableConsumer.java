package io.forebay.stream;

import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer that is made when it is needed, and made anew after it was given up. Belongs to one thread. */
final class RenewableConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(RenewableConsumer.class);

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private @Nullable Consumer<byte[], byte[]> consumer;

    RenewableConsumer(Supplier<? extends Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    Consumer<byte[], byte[]> get() {
        Consumer<byte[], byte[]> current = consumer;
        if (current == null) {
            current = consumers.get();
            consumer = current;
        }
        return current;
    }

    /** Closes it, if there is one. */
    void giveUp() {
        Consumer<byte[], byte[]> current = consumer;
        consumer = null;
        if (current != null) {
            try {
                current.close();
            } catch (KafkaException e) {
                LOG.debug("A consumer of the streams did not close in order", e);
            }
        }
    }
}
