package io.forebay.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * What the registry was told, in order, as a compacted topic of one partition: the registry's only memory. Keys and
 * values are JSON, the key says of what the value is the last state. There is one writer, the registry of the process
 * that holds the data directory.
 */
final class RegistryLog implements AutoCloseable {

    /** The topic's name. */
    static final String TOPIC = "_forebay_schemas";

    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final ObjectMapper json;
    private final String bootstrapServers;
    private @Nullable KafkaProducer<String, String> producer;

    RegistryLog(String bootstrapServers, ObjectMapper json) {
        this.bootstrapServers = bootstrapServers;
        this.json = json;
    }

    /** Something the registry was told. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = SchemaRegistered.class, name = "schema"),
        @JsonSubTypes.Type(value = LevelSet.class, name = "compatibility")
    })
    sealed interface Entry {

        /** What this is the state of; of two entries with one key the later holds. */
        List<String> key();

        /** Does to the registry's state what the entry says. */
        void applyTo(State state);
    }

    /** The state that entries build up. */
    interface State {

        void add(Registered registered);

        void set(@Nullable String subject, Compatibility level);
    }

    record SchemaRegistered(Registered registered) implements Entry {

        @Override
        public List<String> key() {
            return List.of("schema", registered.subject(), Integer.toString(registered.version()));
        }

        @Override
        public void applyTo(State state) {
            state.add(registered);
        }
    }

    record LevelSet(@Nullable String subject, Compatibility level) implements Entry {

        @Override
        public List<String> key() {
            return subject == null ? List.of("compatibility") : List.of("compatibility", subject);
        }

        @Override
        public void applyTo(State state) {
            state.set(subject, level);
        }
    }

    /** Makes the topic unless it is there. */
    void prepare() {
        try (Admin admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            NewTopic topic = new NewTopic(TOPIC, 1, (short) -1)
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            admin.createTopics(Set.of(topic)).all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("topic " + TOPIC + " cannot be created", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException("topic " + TOPIC + " cannot be created in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /**
     * Reads the whole topic, up to what was its end at the beginning of the call.
     *
     * @param entries takes each entry in order
     */
    void replay(Consumer<Entry> entries) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(Set.of(PARTITION));
            consumer.seekToBeginning(Set.of(PARTITION));
            long end = consumer.endOffsets(Set.of(PARTITION), TIMEOUT).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION, TIMEOUT) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(TIMEOUT)) {
                    entries.accept(decode(record));
                }
            }
        }
    }

    /**
     * Appends an entry and returns when Kafka has acknowledged it.
     *
     * @param entry the entry
     * @throws KafkaException where it is not known to be in the topic; it may be all the same
     */
    void append(Entry entry) {
        try {
            ProducerRecord<String, String> record = new ProducerRecord<>(
                    TOPIC, PARTITION.partition(), json.writeValueAsString(entry.key()), json.writeValueAsString(entry));
            producer().send(record).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry that has no JSON", e);
        } catch (ExecutionException e) {
            close();
            throw new KafkaException("topic " + TOPIC + " cannot be written", e.getCause());
        } catch (TimeoutException e) {
            close();
            throw new KafkaException("topic " + TOPIC + " cannot be written in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new KafkaException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            // What is still in flight was not acknowledged to anyone, and must not be sent after a later entry.
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    private KafkaProducer<String, String> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrapServers,
                            ProducerConfig.ACKS_CONFIG,
                            "all",
                            ProducerConfig.LINGER_MS_CONFIG,
                            0,
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            TIMEOUT.toMillis()),
                    new StringSerializer(),
                    new StringSerializer());
        }
        return producer;
    }

    private Entry decode(ConsumerRecord<String, String> record) {
        try {
            return json.readValue(record.value(), Entry.class);
        } catch (JsonProcessingException e) {
            throw new KafkaException(
                    "topic %s holds something at offset %d that this registry did not write"
                            .formatted(TOPIC, record.offset()),
                    e);
        }
    }
}
