package io.forebay.keys.query;

import io.forebay.keys.state.KeyReader;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;

/**
 * One key. A read of a sliding lifetime starts it anew, on the partition's owner.
 *
 * @param key its canonical path, namespace included
 */
public record GetKey(String key) implements StoreQuery<KeyFound> {

    @Override
    public KeyFound evaluate(StoreView view) {
        return KeyFound.of(KeyReader.of(view).read(Path.parse(key)));
    }
}
