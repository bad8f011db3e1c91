package io.forebay.it.sync;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.SubscriptionCommand;

/** The topic of what subscribers want, and what goes to their partitions. */
public final class SubscriptionTopics extends CapabilityTopics<SubscriptionCommand, DeliveryCommand> {
    public SubscriptionTopics(Surroundings surroundings) {
        super(
                surroundings,
                surroundings.topics().subscriptions(),
                surroundings.topics().syncDeliveries(),
                DeliveryCommand.class);
    }
}
