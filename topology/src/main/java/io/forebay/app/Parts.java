package io.forebay.app;

import io.forebay.command.CommandSender;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Outcomes;
import io.forebay.command.StartNotice;
import io.forebay.command.Ticks;
import io.forebay.command.TransactionalSender;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.stream.StreamHub;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What every capability is made with.
 *
 * @param lifecycle where a capability leaves what is to be stopped with the instance
 */
record Parts(
        ForebayConfig config,
        TopicCatalogue catalogue,
        AvroSerdes serdes,
        StoreEngine engine,
        Ticks ticks,
        OutcomeRetention retention,
        CommandSender sender,
        TransactionalSender transactions,
        Outcomes outcomes,
        Router router,
        StreamHub hub,
        Metrics metrics,
        Lifecycle lifecycle) {

    /** A notice to the partitions of a store, which tries again until the instance is stopped. */
    StartNotice notice(StoreRef store) {
        return new StartNotice(
                store, sender, outcomes, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS), lifecycle::isStopped);
    }
}
