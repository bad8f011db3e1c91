package io.forebay.keys.query;

import io.forebay.keys.state.KeyReader;
import io.forebay.routing.ScanQuery;
import io.forebay.store.StoreView;

/**
 * Number of keys of a namespace on one partition: kept by the store, less what has expired and is not removed yet; only
 * while a deletion by match is carried out is the namespace gone through.
 *
 * @param namespace the namespace, decoded
 */
public record CountKeys(String namespace) implements ScanQuery<Long> {

    @Override
    public Long evaluate(StoreView view) {
        return KeyReader.of(view).count(namespace);
    }
}
