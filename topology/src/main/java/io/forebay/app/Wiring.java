package io.forebay.app;

import io.forebay.routing.QueryRegistry;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;

/**
 * How one capability is put together from the parts that all share. There is one of these for each, in
 * {@link Forebay#CAPABILITIES}.
 */
interface Wiring {

    /** Name of the capability, as configuration has it. */
    String name();

    /** Lets instances ask each other what the capability asks. */
    void register(QueryRegistry queries);

    /**
     * Serializes one of everything that the capability writes, or has others write, so that its schemas are known.
     *
     * @throws org.apache.kafka.common.errors.SerializationException when the registry does not answer, or refuses
     */
    void serializeExamples(AvroSerdes serdes, TopicCatalogue catalogue);

    /** Puts the capability together, ready to run. */
    Capability wire(Parts parts);
}
