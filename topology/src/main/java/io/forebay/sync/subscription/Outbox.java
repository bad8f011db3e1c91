package io.forebay.sync.subscription;

import io.forebay.sync.subscription.state.NodeKey;

/** Where goes what comes of a decision about subscribers. */
interface Outbox {

    /**
     * A place is followed from now on, or asked again.
     *
     * @param rows whether it is to tell the rows that are there
     * @param where which of them, where it is a table: conditions as JSON
     * @return how many answers it will give, the last of each being told as such
     */
    int want(String subscriber, NodeKey node, long request, boolean rows, String where);

    /** A place is not followed any more. */
    void unwant(String subscriber, NodeKey node, long request);

    /** A lease may end at a log time. */
    void due(long time);

    /** A subscriber is told something. */
    void tell(String subscriber, Told told);
}
