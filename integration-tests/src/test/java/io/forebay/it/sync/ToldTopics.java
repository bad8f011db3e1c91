package io.forebay.it.sync;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RowChange;

/** The topic of row changes, and what subscribers are told. */
public final class ToldTopics extends CapabilityTopics<RowChange, RecordTold> {
    public ToldTopics(Surroundings surroundings) {
        super(
                surroundings,
                surroundings.topics().changes(),
                surroundings.topics().recordsSync(),
                RecordTold.class);
    }
}
