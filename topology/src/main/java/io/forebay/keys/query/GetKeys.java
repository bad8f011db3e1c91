package io.forebay.keys.query;

import io.forebay.keys.state.KeyReader;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import java.util.List;

/**
 * Several keys of one partition, as they are at one moment.
 *
 * @param keys their canonical paths, namespace included
 */
public record GetKeys(List<String> keys) implements StoreQuery<KeysFound> {

    @Override
    public KeysFound evaluate(StoreView view) {
        KeyReader reader = KeyReader.of(view);
        return new KeysFound(keys.stream()
                .map(key -> KeyFound.of(reader.get(Path.parse(key))))
                .toList());
    }
}
