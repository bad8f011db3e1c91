package io.forebay.command;

import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a deciding processor is made of.
 *
 * @param input the one topic it reads: whatever influences a decision arrives on it
 * @param store name of its state store
 * @param beside names of the stores beside it, in the order in which they are written
 * @param syncSink node that its changes go to; null where it tells none
 * @param commandSink node that its commands to its own input topic go to; null where it gives none
 * @param furtherSinks nodes that what it sends to further topics goes to
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
        List<String> beside,
        @Nullable String syncSink,
        @Nullable String commandSink,
        List<String> furtherSinks,
        String deadLetterSink,
        CommandDecoder<C> decoder,
        Supplier<? extends Decider<C>> decider,
        OutcomeRetention retention,
        StoreEngine engine,
        Ticks ticks,
        DecidingHealth health) {

    public Deciding {
        beside = List.copyOf(beside);
        furtherSinks = List.copyOf(furtherSinks);
    }

    /** What sends to no further topics. */
    public Deciding(
            TopicSpec input,
            String store,
            List<String> beside,
            @Nullable String syncSink,
            @Nullable String commandSink,
            String deadLetterSink,
            CommandDecoder<C> decoder,
            Supplier<? extends Decider<C>> decider,
            OutcomeRetention retention,
            StoreEngine engine,
            Ticks ticks,
            DecidingHealth health) {
        this(
                input,
                store,
                beside,
                syncSink,
                commandSink,
                List.of(),
                deadLetterSink,
                decoder,
                decider,
                retention,
                engine,
                ticks,
                health);
    }
}
