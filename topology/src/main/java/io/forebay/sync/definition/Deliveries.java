package io.forebay.sync.definition;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.definition.state.DefinitionKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The ways from a partition of definitions to those of subscribers, numbered on each. */
final class Deliveries {

    /** Name of this stage to those that it sends to. */
    static final String STAGE = "subscriptions";

    private final TopicSpec topic;
    private final Function<DeliveryCommand, byte[]> encoder;
    private final List<Path> partitionKeys = new ArrayList<>();

    Deliveries(TopicSpec topic, Function<DeliveryCommand, byte[]> encoder) {
        this.topic = topic;
        this.encoder = encoder;
        for (int partition = 0; partition < topic.partitions(); partition++) {
            partitionKeys.add(keyOn(partition));
        }
    }

    /** A key on a partition that is no subscriber: those have names. */
    private Path keyOn(int partition) {
        for (int number = 0; ; number++) {
            Path key = Path.of("", Integer.toString(number));
            if (topic.partitionFor(key) == partition) {
                return key;
            }
        }
    }

    /** Sends what a subscriber wants to its partition. */
    void send(String subscriber, Object command, Decision decision) {
        Path key = Path.of(subscriber);
        tell(key, topic.partitionFor(key), new SubscriberCommand(subscriber, command), decision);
    }

    /** Sends what concerns all subscribers to all partitions. */
    void sendToAll(Object command, Decision decision) {
        for (int partition = 0; partition < partitionKeys.size(); partition++) {
            tell(partitionKeys.get(partition), partition, new SubscriberCommand("", command), decision);
        }
    }

    private void tell(Path key, int partition, SubscriberCommand command, Decision decision) {
        long number = DefinitionKeys.SENT.next(partition, decision);
        byte[] value = encoder.apply(new DeliveryCommand(STAGE, decision.partition(), number, command));
        decision.tell(key, (index, last) -> value);
    }
}
