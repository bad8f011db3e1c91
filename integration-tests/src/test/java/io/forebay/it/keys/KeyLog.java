package io.forebay.it.keys;

import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.topic.ReservedKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The input topic of keys, run through a model. The log of a partition is the order in which its single writer decided, and its append
 * times are the time that it went by.
 */
public final class KeyLog {
    private KeyLog() {}

    /** A partition as plain maps have it. */
    public interface Model {
        /** Time has come this far. */
        void tick(long now);

        /** Carries out a command. */
        void apply(KeyCommand command, long offset, long now);
    }

    /** What a client saw of a partition, and the offset of the last command before it. */
    public interface Seen<M> {
        int partition();

        long offset();

        /** Compares with what the model has there. */
        void check(M model);
    }

    /**
     * Runs all that is committed through models, one for each partition, and what was seen past them on the way.
     *
     * @return the models at the end of the log, by partition
     */
    public static <M extends Model> Map<Integer, M> replay(
            KeyTopics topics, Supplier<M> newModel, List<? extends Seen<M>> seen) {
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> byPartition = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.commands()) {
            byPartition
                    .computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                    .add(record);
        }
        Map<Integer, M> models = new TreeMap<>();
        byPartition.forEach((partition, records) -> {
            List<Seen<M>> here = new ArrayList<>(
                    seen.stream().filter(one -> one.partition() == partition).toList());
            here.sort(Comparator.comparingLong(Seen::offset));
            models.put(partition, replay(records, topics.decoder(), newModel.get(), here));
        });
        return models;
    }

    private static <M extends Model> M replay(
            List<ConsumerRecord<byte[], byte[]>> records,
            Deserializer<KeyCommand> decoder,
            M model,
            List<Seen<M>> seen) {
        int next = 0;
        long now = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            while (next < seen.size() && seen.get(next).offset() < record.offset()) {
                seen.get(next++).check(model);
            }
            now = Math.max(now, record.timestamp());
            if (Arrays.equals(record.key(), ReservedKeys.tick())) {
                model.tick(now);
            } else {
                model.apply(decoder.deserialize(record.topic(), record.value()), record.offset(), now);
            }
        }
        seen.subList(next, seen.size()).forEach(last -> last.check(model));
        return model;
    }
}
