package io.forebay.sync.definition;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.channel.Stage;
import java.util.function.Function;

/** The ways from a partition of definitions to those of subscribers, numbered on each. */
final class Deliveries {

    private final TopicSpec topic;
    private final Function<DeliveryCommand, byte[]> encoder;
    private final PartitionKeys partitionKeys;

    Deliveries(TopicSpec topic, Function<DeliveryCommand, byte[]> encoder) {
        this.topic = topic;
        this.encoder = encoder;
        this.partitionKeys = new PartitionKeys(topic);
    }

    /** Sends what a subscriber wants to its partition. */
    void send(String subscriber, Object command, Decision decision) {
        Path key = Path.of(subscriber);
        tell(key, topic.partitionFor(key), new SubscriberCommand(subscriber, command), decision);
    }

    /** Sends what concerns all subscribers to all partitions. */
    void sendToAll(Object command, Decision decision) {
        for (int partition = 0; partition < partitionKeys.partitions(); partition++) {
            tell(partitionKeys.on(partition), partition, new SubscriberCommand("", command), decision);
        }
    }

    private void tell(Path key, int partition, SubscriberCommand command, Decision decision) {
        long number = Channels.nextSent(Stage.SUBSCRIBERS, partition, decision);
        byte[] value =
                encoder.apply(new DeliveryCommand(Stage.SUBSCRIPTIONS.label(), decision.partition(), number, command));
        decision.tell(key, (index, last) -> value);
    }
}
