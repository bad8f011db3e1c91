package io.forebay.keys;

import io.forebay.command.StartNotice;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PlaceKeys;
import io.forebay.schemas.avro.PlacedNamespace;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;

/** Tells every partition of keys, when an instance starts, which namespaces are kept together and which limits there are. */
public final class KeysNotice {

    private final StartNotice notice;
    private final TopicSpec keys;
    private final Serializer<KeyCommand> serializer;

    /**
     * A notice.
     *
     * @param keys the topic that is told
     */
    public KeysNotice(StartNotice notice, TopicSpec keys, Serializer<KeyCommand> serializer) {
        this.notice = notice;
        this.keys = keys;
        this.serializer = serializer;
    }

    /** Tells which namespaces are kept together, without waiting. */
    public void send(KeyPlacement placement) {
        List<PlacedNamespace> together = new ArrayList<>();
        new TreeMap<>(placement.together())
                .forEach((namespace, parts) -> together.add(new PlacedNamespace(namespace, parts)));
        send(new KeyCommand(new PlaceKeys(together)));
    }

    /** Sends a command to all partitions, without waiting. */
    @SuppressWarnings("FutureReturnValueIgnored") // the notice goes on by itself and keeps what is refused
    public void send(KeyCommand command) {
        notice.sendToPartitions(serializer.serialize(keys.name(), command));
    }
}
