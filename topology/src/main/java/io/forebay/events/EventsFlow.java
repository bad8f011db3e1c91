package io.forebay.events;

import io.forebay.command.Deciding;
import io.forebay.command.DecidingFlow;
import io.forebay.command.DecidingHealth;
import io.forebay.command.OutcomeRetention;
import io.forebay.command.Ticks;
import io.forebay.dataflow.Dataflow;
import io.forebay.events.state.EventForm;
import io.forebay.events.state.EventIndexing;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreSpec;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/**
 * The events capability: from the topic of commands, through its decider, into the log. There is no sync topic: the log's own
 * changelog tells what was appended, to consumers as to streams.
 */
public final class EventsFlow {

    /** Name of the capability, in configuration and in the application id. */
    public static final String CAPABILITY = TopicCatalogue.EVENTS;

    /** Name of the store that is the log. */
    public static final String LOG = TopicCatalogue.EVENTS;

    /** Name of the deciding store, which keeps outcomes. */
    public static final String DECISIONS = "events-decisions";

    private static final String NODE = "events-decide";

    private EventsFlow() {}

    /** The log, as the router knows it. */
    public static StoreRef log(TopicCatalogue catalogue) {
        return new StoreRef(catalogue.applicationId(CAPABILITY), LOG, catalogue.events());
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
        TopicSpec log = catalogue.eventLog();
        Deserializer<EventCommand> commands = serdes.deserializer(EventCommand.class);
        Serializer<RecordedEvent> recorder = serdes.serializer(RecordedEvent.class);
        Deserializer<RecordedEvent> recorded = serdes.deserializer(RecordedEvent.class);
        Deciding<EventCommand> deciding = new Deciding<>(
                input,
                DECISIONS,
                LOG,
                null,
                Dataflow.sinkName(catalogue.deadLetters()),
                value -> commands.deserialize(input.name(), value),
                () -> new EventsDecider(
                        input,
                        config,
                        event -> recorder.serialize(log.name(), event),
                        value -> recorded.deserialize(log.name(), value)),
                retention,
                engine,
                ticks,
                health);
        return DecidingFlow.withLog(
                NODE,
                deciding,
                new StoreSpec(LOG, new EventIndexing(), input.name(), new EventForm(), true),
                log,
                catalogue
                        .changelog(catalogue.applicationId(CAPABILITY), DECISIONS, input)
                        .properties(),
                catalogue.deadLetters());
    }
}
