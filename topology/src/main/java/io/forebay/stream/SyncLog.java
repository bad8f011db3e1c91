package io.forebay.stream;

import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** The sync topics as readers see them: shared windows on their ends, and older records on demand. Nothing here blocks. */
interface SyncLog {

    /**
     * Follows a partition for one more reader.
     *
     * @param grown run on any thread whenever there is more to read; cheap
     * @return completes when the window has reached the partition's end
     */
    CompletionStage<Tail> follow(Feed feed, int partition, Runnable grown);

    /** The sync offset of the next committed record to come. */
    CompletionStage<Long> end(Feed feed, int partition);

    /**
     * Reads older units from the topic: a bounded stretch of them.
     *
     * @param from sync offset at which a unit begins
     * @param until sync offset from which on they are not needed, greater than {@code from}
     * @param selector leaves out changes that nobody wants; units stay, maybe empty
     * @return what was read, at least one step further than {@code from}; fails with {@link GoneException} if the topic does not have it any more
     */
    CompletionStage<Window.Slice> read(
            Feed feed, int partition, long from, long until, Predicate<StreamChange> selector);

    /**
     * Finds where units beyond a source offset begin.
     *
     * @return a sync offset such that everything before it belongs to units up to {@code unitOffset}; fails with {@link GoneException} if the topic may
     *     have lost some of those beyond
     */
    CompletionStage<Long> locate(Feed feed, int partition, long unitOffset);

    /** One reader's hold on a followed partition. */
    interface Tail {

        Window window();

        /** Ends the hold. Idempotent. */
        void release();
    }

    /** The topic does not have the wanted records: they are out of retention, or it was made anew. */
    final class GoneException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        GoneException(String message) {
            super(message);
        }
    }
}
