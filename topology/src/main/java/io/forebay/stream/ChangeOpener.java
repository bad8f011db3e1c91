package io.forebay.stream;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes what subscribers get of changes that are closed, one after the other as they are sent, not before. Called by the hub's own threads. */
@FunctionalInterface
public interface ChangeOpener {

    /** The opener of a feed that has no closed changes. */
    ChangeOpener NONE = (partition, changes, ahead, since) ->
            CompletableFuture.failedFuture(new IllegalStateException("the feed has no closed changes"));

    /**
     * Opens changes of one unit.
     *
     * @param partition of the sync topic
     * @param changes that are closed, at least one
     * @param ahead closed changes that the reader is likely to come to next, not to be opened yet; gone through only where it helps
     * @param since when the reader began, by the clock that the hub was given: what was known before does not count for it
     * @return the JSON of each, as {@link StreamChange#json} has it of a change that is not closed; fails when it cannot be told now, and is asked again then
     */
    CompletionStage<List<byte[]>> open(
            int partition, List<StreamChange> changes, Iterable<StreamChange> ahead, long since);
}
