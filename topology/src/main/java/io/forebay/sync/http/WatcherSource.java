package io.forebay.sync.http;

import io.forebay.records.watch.Watchers;
import io.forebay.routing.ReadOptions;
import java.util.concurrent.CompletionStage;

/** Where the watchers that are defined are known. */
@FunctionalInterface
public interface WatcherSource {

    /** The watchers, as of a position at least. */
    CompletionStage<Watchers> watchers(ReadOptions options);
}
