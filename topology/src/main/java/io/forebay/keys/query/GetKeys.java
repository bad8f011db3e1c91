package io.forebay.keys.query;

import io.forebay.keys.state.KeyReader;
import io.forebay.keys.state.StoredKey;
import io.forebay.schemas.path.Path;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.List;

/**
 * Several keys of one partition, as they are at one moment; each is read as by {@link GetKey}. The answer ends early when its values are many bytes.
 *
 * @param keys their canonical paths, namespace included
 */
public record GetKeys(List<String> keys) implements StoreQuery<KeysFound> {

    @Override
    public KeysFound evaluate(StoreView view) {
        KeyReader reader = KeyReader.of(view);
        List<KeyFound> found = new ArrayList<>(keys.size());
        long bytes = 0;
        for (String key : keys) {
            StoredKey record = reader.read(Path.parse(key));
            found.add(KeyFound.of(record));
            bytes += record == null ? 0 : record.value().length;
            if (bytes >= MatchKeys.BYTES_PER_PAGE) {
                break;
            }
        }
        return new KeysFound(found);
    }
}
