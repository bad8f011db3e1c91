package io.forebay.command;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** Indexes the outcomes of a deciding store by time and leaves all else to the feature's own indexing. */
public final class CommandIndexing implements Indexing {

    private final Indexing feature;

    /**
     * Around a feature's indexing.
     *
     * @param feature indexing of the keys from {@link CommandKeys#FIRST_FEATURE_TAG} on
     */
    public CommandIndexing(Indexing feature) {
        this.feature = feature;
    }

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (key[0] >= CommandKeys.FIRST_FEATURE_TAG) {
            feature.entries(key, payload, sink);
        } else if (key[0] == CommandKeys.OUTCOME) {
            sink.index(CommandKeys.outcomeByTime(KeptOutcome.time(payload), key));
            sink.count(CommandKeys.space(CommandKeys.OUTCOME), 1);
        }
    }
}
