package io.forebay.it.poison;

import io.forebay.it.topic.CapabilityTopics;
import java.util.List;

/** What is wrong by topic and by call, for one capability on a stack of its own settings. */
interface PoisonTable {
    /** Where the records go. */
    CapabilityTopics<?, ?> topics();

    List<BadRecord> records();

    List<BadRequest> requests();

    /** Writes by topic to a partition, and answers whether it is there to be read after that. */
    boolean goesOn(int partition);
}
