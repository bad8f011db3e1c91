package io.forebay.stream;

import org.jspecify.annotations.Nullable;

/** What a stream is at: finding its place, telling the snapshot, or telling changes. Confined to the stream's tasks. */
interface Phase {

    /** Starts it; called once, when the stream has entered it. */
    void begin();

    /** Does what can be done now: there is more to read, or room in the sink again. */
    void proceed();

    /** The id of a message that is sent now. */
    @Nullable
    String id();

    /** Whether a silent stream has something to say by its id. */
    boolean hasHeartbeat();
}
