package io.forebay.keys.http;

import io.forebay.http.Problem;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.KeyFound;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What several partitions answer about several keys, put back into the order of the keys; used by many threads. */
final class Collected {
    private final List<Path> keys;
    private final long maxBytes;
    private final @Nullable KeyEntry[] entries;
    private long bytes;
    private Position position = Position.empty();

    Collected(List<Path> keys, long maxBytes) {
        this.keys = keys;
        this.maxBytes = maxBytes;
        this.entries = new KeyEntry[keys.size()];
    }

    List<String> paths(List<Integer> places) {
        return places.stream().map(place -> keys.get(place).toString()).toList();
    }

    synchronized void add(List<Integer> places, List<KeyFound> found, Position answered) {
        position = position.merge(answered);
        for (int i = 0; i < found.size(); i++) {
            KeyFound one = found.get(i);
            byte[] value = one.value();
            if (value != null) {
                bytes += value.length;
                int place = places.get(i);
                entries[place] = new KeyEntry(
                        keys.get(place).toString(),
                        value,
                        Objects.requireNonNullElse(one.contentType(), ValueJson.BYTES),
                        one.version(),
                        one.expiresAt());
            }
        }
        if (bytes > maxBytes) {
            throw Problem.of(
                            413,
                            "too_large",
                            "The values are too large for one answer",
                            "ask for fewer keys: at most " + maxBytes + " bytes of values")
                    .exception();
        }
    }

    synchronized List<KeyEntry> entries() {
        List<KeyEntry> there = new ArrayList<>();
        Arrays.stream(entries).filter(Objects::nonNull).forEach(there::add);
        return there;
    }

    synchronized Position position() {
        return position;
    }
}
