package io.forebay.sync.http;

import io.forebay.records.sync.EnteringShapes;
import io.forebay.routing.ReadOptions;
import java.util.concurrent.CompletionStage;

/** What somebody subscribed to below records that enter. */
@FunctionalInterface
public interface SubscriberShapes {

    /** The shapes of a subscriber, as of a position at least. */
    CompletionStage<EnteringShapes> shapes(String subscriber, ReadOptions options);
}
