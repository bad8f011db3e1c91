package io.forebay.keys.state;

import io.forebay.command.Decision;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.store.PartitionStore;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces this partition keeps together. It is part of what was decided, not of an instance's configuration: a
 * replay has to find the same keys in the wrong place as the first run did.
 */
public final class Placements {

    private KeyPlacement current;

    /** The placements of an open store. */
    public Placements(PartitionStore store) {
        Map<String, Integer> together = new TreeMap<>();
        try (StoreView view = store.snapshot();
                Scan scan = view.scanPrefix(KeyBytes.placements())) {
            while (scan.next()) {
                together.put(
                        KeyBytes.placedNamespace(scan.key()),
                        ByteBuffer.wrap(scan.value()).getInt());
            }
        }
        current = new KeyPlacement(together);
    }

    /** What holds now. */
    public KeyPlacement current() {
        return current;
    }

    /**
     * The first namespace, in canonical form, that another placement would treat differently although this partition holds
     * keys of it.
     */
    public Optional<String> conflict(Decision decision, KeyPlacement wanted) {
        TreeSet<String> namespaces = new TreeSet<>(current.together().keySet());
        namespaces.addAll(wanted.together().keySet());
        return namespaces.stream()
                .filter(namespace -> !same(
                        current.together().get(namespace), wanted.together().get(namespace)))
                .filter(namespace -> decision.before().count(KeyBytes.countOfCanonical(namespace)) > 0)
                .findFirst();
    }

    /** Takes over a placement that conflicts with nothing. */
    public void place(Decision decision, KeyPlacement wanted) {
        for (String namespace : current.together().keySet()) {
            if (!wanted.together().containsKey(namespace)) {
                decision.delete(KeyBytes.placement(namespace));
            }
        }
        wanted.together().forEach((namespace, parts) -> {
            if (!same(current.together().get(namespace), parts)) {
                decision.put(
                        KeyBytes.placement(namespace),
                        ByteBuffer.allocate(4).putInt(parts).array());
            }
        });
        current = wanted;
    }

    private static boolean same(@Nullable Integer one, @Nullable Integer other) {
        return one == null ? other == null : one.equals(other);
    }
}
