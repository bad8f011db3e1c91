package io.forebay.it.keys;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
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
}
