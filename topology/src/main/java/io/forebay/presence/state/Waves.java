package io.forebay.presence.state;

import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** The waves of a partition, kept in memory beside the store so that a command on a guild without any costs nothing. */
final class Waves {

    private final NavigableMap<Long, List<Wave>> byGuild;

    private Waves(NavigableMap<Long, List<Wave>> byGuild) {
        this.byGuild = byGuild;
    }

    static Waves of(StoreView view) {
        return new Waves(PresenceReader.allWaves(view));
    }

    boolean isEmpty() {
        return byGuild.isEmpty();
    }

    List<Wave> of(long guild) {
        return byGuild.getOrDefault(guild, List.of());
    }

    @Nullable
    Wave first() {
        Map.Entry<Long, List<Wave>> entry = byGuild.firstEntry();
        return entry == null ? null : entry.getValue().get(0);
    }

    void add(Wave wave) {
        byGuild.computeIfAbsent(wave.guild(), guild -> new ArrayList<>()).add(wave);
    }

    void replaceFirst(Wave wave) {
        of(wave.guild()).set(0, wave);
    }

    void removeFirst(long guild) {
        List<Wave> waves = of(guild);
        waves.remove(0);
        if (waves.isEmpty()) {
            byGuild.remove(guild);
        }
    }
}
