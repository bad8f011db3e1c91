package io.forebay.command;

import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a deciding processor is made of.
 *
 * @param input the one topic it reads: whatever influences a decision arrives on it
 * @param store name of its state store
 * @param log name of the store that is its log; null where it has none
 * @param syncSink node that its changes go to; null where it tells none
 * @param deadLetterSink node that refused records go to
 * @param decoder bytes to commands
 * @param decider a new decider for each task
 * @param retention of outcomes
 * @param engine the store's engine
 * @param ticks how the writer asks for more time
 * @param health where tasks report
 * @param <C> the decoded command
 */
public record Deciding<C>(
        TopicSpec input,
        String store,
        @Nullable String log,
        @Nullable String syncSink,
        String deadLetterSink,
        CommandDecoder<C> decoder,
        Supplier<? extends Decider<C>> decider,
        OutcomeRetention retention,
        StoreEngine engine,
        Ticks ticks,
        DecidingHealth health) {}
