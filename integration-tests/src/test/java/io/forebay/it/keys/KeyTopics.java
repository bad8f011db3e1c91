package io.forebay.it.keys;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.keys.KeysFlow;
import io.forebay.keys.state.KeyBytes;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.topic.TopicCatalogue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The topics of keys; a command's key is the path of one of its keys. */
public final class KeyTopics extends CapabilityTopics<KeyCommand, KeyChanged> {
    public KeyTopics(Surroundings surroundings) {
        super(surroundings, surroundings.topics().keys(), surroundings.topics().keysSync(), KeyChanged.class);
    }

    /** Reads the values of the input topic. */
    public Deserializer<KeyCommand> decoder() {
        return decoder(KeyCommand.class);
    }

    /** Canonical paths of what the changelog of the store holds, entries of caches and what has expired included. */
    public Set<String> stored() {
        TopicCatalogue topics = surroundings().topics();
        String changelog = topics.changelog(topics.applicationId(KeysFlow.CAPABILITY), KeysFlow.STORE, topics.keys())
                .name();
        Set<String> stored = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(changelog)) {
            if (KeyBytes.isKey(record.key())) {
                String path = KeyBytes.path(record.key()).toString();
                if (record.value() == null) {
                    stored.remove(path);
                } else {
                    stored.add(path);
                }
            }
        }
        return stored;
    }
}
