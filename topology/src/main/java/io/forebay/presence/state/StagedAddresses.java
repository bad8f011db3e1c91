package io.forebay.presence.state;

import io.forebay.presence.state.PresenceScan.Address;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Presences that visible waves hold, by address, ascending, each address once. One guild's scans are open at a time. */
final class StagedAddresses implements AutoCloseable {

    private record Source(Wave wave, Scan scan, long user) {}

    private final StoreView view;
    private final @Nullable Address after;
    private final Iterator<Map.Entry<Long, List<Wave>>> guilds;
    private List<Source> sources = new ArrayList<>();
    private @Nullable Address current;

    StagedAddresses(StoreView view, NavigableMap<Long, List<Wave>> waves, @Nullable Address after) {
        this.view = view;
        this.after = after;
        this.guilds = (after == null ? waves : waves.tailMap(after.guild(), true))
                .entrySet()
                .iterator();
        find();
    }

    @Nullable
    Address peek() {
        return current;
    }

    /** What a wave holds for the current address, or null. */
    @Nullable
    StoredPresence heldBy(Wave wave) {
        for (Source source : sources) {
            if (source.wave().commit() == wave.commit() && isCurrent(source)) {
                return StoredPresence.decode(source.scan().value());
            }
        }
        return null;
    }

    /** Goes past the current address. */
    void advance() {
        Address passed = current;
        if (passed == null) {
            return;
        }
        List<Source> remaining = new ArrayList<>(sources.size());
        for (Source source : sources) {
            if (source.user() == passed.user()) {
                addNext(source.wave(), source.scan(), remaining);
            } else {
                remaining.add(source);
            }
        }
        sources = remaining;
        current = smallest(passed.guild());
        if (current == null) {
            find();
        }
    }

    @Override
    public void close() {
        sources.forEach(source -> source.scan().close());
        sources.clear();
    }

    private void find() {
        current = null;
        while (current == null && guilds.hasNext()) {
            Map.Entry<Long, List<Wave>> next = guilds.next();
            long guild = next.getKey();
            for (Wave wave : next.getValue()) {
                if (wave.isVisible()) {
                    open(guild, wave);
                }
            }
            current = smallest(guild);
        }
    }

    private void open(long guild, Wave wave) {
        Scan scan = view.scanPrefix(PresenceKeys.staged(guild, wave.batch()));
        Address begun = after;
        if (begun == null || begun.guild() != guild) {
            addNext(wave, scan, sources);
            return;
        }
        scan.seek(PresenceKeys.staged(guild, wave.batch(), begun.user()));
        List<Source> first = new ArrayList<>(1);
        addNext(wave, scan, first);
        for (Source source : first) {
            if (source.user() == begun.user()) {
                addNext(wave, scan, sources);
            } else {
                sources.add(source);
            }
        }
    }

    private static void addNext(Wave wave, Scan scan, List<Source> to) {
        if (scan.next()) {
            to.add(new Source(wave, scan, PresenceKeys.stagedUser(scan.key())));
        } else {
            scan.close();
        }
    }

    private boolean isCurrent(Source source) {
        return current != null && source.user() == current.user();
    }

    private @Nullable Address smallest(long guild) {
        Address smallest = null;
        for (Source source : sources) {
            if (smallest == null || Long.compareUnsigned(source.user(), smallest.user()) < 0) {
                smallest = new Address(guild, source.user());
            }
        }
        return smallest;
    }
}
