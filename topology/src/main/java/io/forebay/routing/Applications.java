package io.forebay.routing;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The Kafka Streams applications that run in this process. What they are may change while it starts and stops. */
public interface Applications {

    /** The application of that name, null if it is not switched on here or not started yet. */
    @Nullable
    RunningApplication find(String name);

    /** Every application that runs here. */
    Collection<RunningApplication> all();
}
