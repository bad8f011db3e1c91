package io.forebay.events.query;

import io.forebay.routing.ScanQuery;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The key records of streams of a partition.
 *
 * @param streams each as the canonical path of its domain and instance
 */
public record ReadInstanceKeys(List<String> streams) implements ScanQuery<InstanceKeysFound> {

    public ReadInstanceKeys {
        streams = List.copyOf(streams);
    }

    @Override
    public InstanceKeysFound evaluate(StoreView view) {
        List<InstanceKeysFound.Found> found = new ArrayList<>(streams.size());
        for (String stream : streams) {
            Stored stored = view.get(stream.getBytes(StandardCharsets.UTF_8));
            found.add(new InstanceKeysFound.Found(stored == null ? null : stored.payload()));
        }
        return new InstanceKeysFound(found);
    }
}
