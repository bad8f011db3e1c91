package io.forebay.presence.state;

import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads presences from one state of the store, waves included. */
public final class PresenceReader {

    private final Function<byte[], @Nullable Stored> records;

    PresenceReader(Function<byte[], @Nullable Stored> records) {
        this.records = records;
    }

    /** A reader of one snapshot. */
    public static PresenceReader of(StoreView view) {
        return new PresenceReader(view::get);
    }

    /**
     * One presence as everybody sees it, or null.
     *
     * @param view the same snapshot
     */
    public static @Nullable StoredPresence get(StoreView view, long guild, long user) {
        return of(view).effective(guild, user, wavesOf(view, guild));
    }

    /** Number of presences of a guild by status, those with none left out. */
    public static Map<StatusCode, Long> counts(StoreView view, long guild) {
        Map<StatusCode, Long> counts = new TreeMap<>();
        StatusCounts kept = counts(view, view::get, guild, wavesOf(view, guild));
        if (kept == null) {
            try (PresenceScan scan = PresenceScan.ofGuild(view, guild, null)) {
                while (scan.next()) {
                    counts.merge(scan.presence().status(), 1L, Long::sum);
                }
            }
            return counts;
        }
        for (StatusCode status : StatusCode.values()) {
            if (kept.get(status) != 0) {
                counts.put(status, kept.get(status));
            }
        }
        return counts;
    }

    /**
     * Number of presences of a guild by status without going through it; null when what one of its waves does to them is
     * not known.
     *
     * @param records the records to go by
     * @param waves those of the guild
     */
    static @Nullable StatusCounts counts(
            StoreView counters, Function<byte[], @Nullable Stored> records, long guild, List<Wave> waves) {
        StatusCounts outstanding = Outstanding.sum(records, waves);
        return outstanding == null
                ? null
                : outstanding.plus(StatusCounts.of(status -> counters.count(PresenceKeys.countOf(guild, status))));
    }

    /** Presences of a guild's bulk writes that are not folded in yet, visible ones and those of which chunks are to come. */
    public static long pending(StoreView view, long guild) {
        return view.count(PresenceKeys.countOfStaged(guild));
    }

    @Nullable
    StoredPresence stored(byte[] key) {
        Stored stored = records.apply(key);
        return stored == null ? null : StoredPresence.decode(stored.payload());
    }

    @Nullable
    StoredPresence effective(long guild, long user, List<Wave> waves) {
        StoredPresence current = stored(PresenceKeys.presence(guild, user));
        for (Wave wave : waves) {
            current = wave.apply(current, stored(PresenceKeys.staged(guild, wave.batch(), user)));
        }
        return current;
    }

    static List<Wave> wavesOf(StoreView view, long guild) {
        if (view.count(PresenceKeys.countOfWaves()) == 0) {
            return List.of();
        }
        return read(view, PresenceKeys.waves(guild));
    }

    static NavigableMap<Long, List<Wave>> allWaves(StoreView view) {
        NavigableMap<Long, List<Wave>> byGuild = new TreeMap<>(Long::compareUnsigned);
        if (view.count(PresenceKeys.countOfWaves()) != 0) {
            for (Wave wave : read(view, PresenceKeys.waves())) {
                byGuild.computeIfAbsent(wave.guild(), guild -> new ArrayList<>())
                        .add(wave);
            }
        }
        return byGuild;
    }

    private static List<Wave> read(StoreView view, byte[] prefix) {
        List<Wave> waves = new ArrayList<>();
        try (Scan scan = view.scanPrefix(prefix)) {
            while (scan.next()) {
                waves.add(Wave.decode(scan.key(), scan.value()));
            }
        }
        return waves;
    }
}
