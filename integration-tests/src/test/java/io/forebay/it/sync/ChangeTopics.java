package io.forebay.it.sync;

import io.forebay.it.stack.Surroundings;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RowChange;

/** The topic of row changes, and what goes to places. */
public final class ChangeTopics extends CapabilityTopics<RowChange, RouteCommand> {
    public ChangeTopics(Surroundings surroundings) {
        super(
                surroundings,
                surroundings.topics().changes(),
                surroundings.topics().syncRoutes(),
                RouteCommand.class);
    }
}
