package io.forebay.sync.subscription;

import io.forebay.sync.subscription.state.NodeKey;

/** Where goes what comes of a decision about subscribers. */
interface Outbox {

    /**
     * A place is followed from now on, or asked again.
     *
     * @param rows whether it is to tell the rows that are there
     */
    void want(String subscriber, NodeKey node, long request, boolean rows);

    /** A place is not followed any more. */
    void unwant(String subscriber, NodeKey node, long request);

    /** A lease may end at a log time. */
    void due(long time);

    /** A subscriber is told something. */
    void tell(String subscriber, Told told);
}
