package io.forebay.events;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingFlow.Side;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.events.state.AvroForm;
import io.forebay.events.state.EventIndexing;
import io.forebay.events.state.EventValues;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.Indexing;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreSpec;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.Topology;

/**
 * The events capability: from the topic of commands, through its decider, into the log. There is no sync topic: the log's own
 * changelog tells what was appended, to consumers as to streams. The keys that seal events are in a store and a changelog of
 * their own, where they can be destroyed.
 */
public final class EventsFlow {

    /** Name of the capability, in configuration and in the application id. */
    public static final String CAPABILITY = TopicCatalogue.EVENTS;

    /** Name of the store that is the log. */
    public static final String LOG = TopicCatalogue.EVENTS;

    /** Name of the store of the keys that seal events. */
    public static final String KEYS = TopicCatalogue.EVENT_KEYS;

    /** Name of the deciding store, which keeps outcomes. */
    public static final String DECISIONS = "events-decisions";

    private static final String NODE = "events-decide";

    private EventsFlow() {}

    /** The log, as the router knows it. */
    public static StoreRef log(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), LOG, catalogue.events());
    }

    /** The keys that seal events, as the router knows them. */
    public static StoreRef keys(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), KEYS, catalogue.events());
    }

    /** The deciding store, as the router knows it. */
    public static StoreRef decisions(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), DECISIONS, catalogue.events());
    }

    /** The topology. */
    public static Topology topology(
            TopicCatalogue catalogue,
            AvroSerdes serdes,
            StoreEngine engine,
            EventsConfig config,
            OutcomeRetention retention,
            Ticks ticks,
            DecidingHealth health) {
        TopicSpec input = catalogue.events();
        Deserializer<EventCommand> commands = serdes.deserializer(EventCommand.class);
        EventValues values = new EventValues(catalogue, serdes);
        Deciding<EventCommand> deciding = new Deciding<>(
                input,
                DECISIONS,
                List.of(KEYS, LOG),
                null,
                null,
                Dataflow.sinkName(catalogue.deadLetters()),
                value -> commands.deserialize(input.name(), value),
                () -> new EventsDecider(input, config, values),
                retention,
                engine,
                ticks,
                health);
        return DecidingFlow.withStores(
                NODE,
                deciding,
                List.of(
                        new Side(store(KEYS, Indexing.NONE, input), catalogue.eventKeys()),
                        new Side(store(LOG, new EventIndexing(), input), catalogue.eventLog())),
                catalogue
                        .changelog(catalogue.applicationId(CAPABILITY), DECISIONS, input)
                        .properties(),
                catalogue.deadLetters());
    }

    /** Nothing is deleted from either: a key that is destroyed is a record that says so. */
    private static StoreSpec store(String name, Indexing indexing, TopicSpec input) {
        return new StoreSpec(name, indexing, input.name(), new AvroForm(), true);
    }
}
