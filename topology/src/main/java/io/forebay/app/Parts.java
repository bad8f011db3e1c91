package io.forebay.app;

import io.forebay.command.CommandSender;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Outcomes;
import io.forebay.command.Ticks;
import io.forebay.command.TransactionalSender;
import io.forebay.routing.Router;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.StoreEngine;
import io.forebay.stream.StreamHub;

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
        Lifecycle lifecycle) {}
