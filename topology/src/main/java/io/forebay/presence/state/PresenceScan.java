package io.forebay.presence.state;

import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Presences in the order of guild and user, both as unsigned numbers, from one snapshot: those in the store and those of
 * waves that are not folded yet, as one sequence.
 */
public final class PresenceScan implements AutoCloseable {

    private final StoreView view;
    private final @Nullable StatusCode status;
    private final @Nullable Long onlyGuild;
    private final NavigableMap<Long, List<Wave>> waves;
    private final Scan base;
    private final StagedAddresses staged;

    private @Nullable Address nextBase;
    private long guild;
    private long user;
    private @Nullable StoredPresence presence;

    private PresenceScan(StoreView view, @Nullable Long guild, @Nullable StatusCode status, byte @Nullable [] after) {
        this.view = view;
        this.status = status;
        this.onlyGuild = guild;
        NavigableMap<Long, List<Wave>> all = PresenceReader.allWaves(view);
        this.waves = guild == null ? all : all.subMap(guild, true, guild, true);
        this.base = status == null
                ? view.scanPrefix(guild == null ? PresenceKeys.presences() : PresenceKeys.presences(guild))
                : view.scanIndexPrefix(
                        guild == null ? PresenceKeys.byStatus(status) : PresenceKeys.byStatus(status, guild));
        Address from = after == null ? null : Address.decode(after);
        if (from != null) {
            seek(from);
        }
        this.staged = new StagedAddresses(view, waves, from);
        this.nextBase = readBase();
        if (nextBase != null && nextBase.equals(from)) {
            nextBase = readBase();
        }
    }

    /** All presences of the partition after an address. */
    public static PresenceScan ofAll(StoreView view, byte @Nullable [] after) {
        return new PresenceScan(view, null, null, after);
    }

    /** The presences of one guild after an address. */
    public static PresenceScan ofGuild(StoreView view, long guild, byte @Nullable [] after) {
        return new PresenceScan(view, guild, null, after);
    }

    /** The presences with a status, of one guild or of all, after an address; found by index. */
    public static PresenceScan ofStatus(
            StoreView view, @Nullable Long guild, StatusCode status, byte @Nullable [] after) {
        return new PresenceScan(view, guild, status, after);
    }

    /** Moves to the next presence; false at the end. */
    public boolean next() {
        while (true) {
            Address ofBase = nextBase;
            Address ofWave = staged.peek();
            if (ofBase == null && ofWave == null) {
                return false;
            }
            boolean takeBase = ofWave == null || (ofBase != null && ofBase.compareTo(ofWave) <= 0);
            Address address = Objects.requireNonNull(takeBase ? ofBase : ofWave);
            boolean takeWaves = ofWave != null && ofWave.equals(address);
            StoredPresence found = read(address, takeBase, takeWaves);
            if (takeBase) {
                nextBase = readBase();
            }
            if (takeWaves) {
                staged.advance();
            }
            if (found != null && (status == null || found.status() == status)) {
                guild = address.guild();
                user = address.user();
                presence = found;
                return true;
            }
        }
    }

    /** The guild of the presence the scan is at. */
    public long guild() {
        return guild;
    }

    /** The user of the presence the scan is at. */
    public long user() {
        return user;
    }

    /** The presence the scan is at. */
    public StoredPresence presence() {
        return Objects.requireNonNull(presence, "next() answered true");
    }

    @Override
    public void close() {
        base.close();
        staged.close();
    }

    private @Nullable StoredPresence read(Address address, boolean inBase, boolean inWaves) {
        StoredPresence current = stored(address, inBase);
        for (Wave wave : waves.getOrDefault(address.guild(), List.of())) {
            current = wave.apply(current, inWaves ? staged.heldBy(wave) : null);
        }
        return current;
    }

    /** A scan of presences is at the record already, or has shown that there is none; one of the status index is not. */
    private @Nullable StoredPresence stored(Address address, boolean inBase) {
        if (status != null) {
            Stored stored = view.get(PresenceKeys.presence(address.guild(), address.user()));
            return stored == null ? null : StoredPresence.decode(stored.payload());
        }
        return inBase ? StoredPresence.decode(base.value()) : null;
    }

    private @Nullable Address readBase() {
        if (!base.next()) {
            return null;
        }
        byte[] key = base.key();
        return status == null
                ? new Address(PresenceKeys.guildOf(key), PresenceKeys.userOf(key))
                : new Address(PresenceKeys.indexedGuild(key), PresenceKeys.indexedUser(key));
    }

    private void seek(Address from) {
        long fromGuild = from.guild();
        long fromUser = from.user();
        if (onlyGuild != null && Long.compareUnsigned(fromGuild, onlyGuild) < 0) {
            fromGuild = onlyGuild;
            fromUser = 0;
        }
        base.seek(
                status == null
                        ? PresenceKeys.presence(fromGuild, fromUser)
                        : PresenceKeys.byStatus(status, fromGuild, fromUser));
    }

    /** Where a presence stands. */
    record Address(long guild, long user) implements Comparable<Address> {

        static Address decode(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Address(buffer.getLong(), buffer.getLong());
        }

        @Override
        public int compareTo(Address other) {
            int byGuild = Long.compareUnsigned(guild, other.guild);
            return byGuild != 0 ? byGuild : Long.compareUnsigned(user, other.user);
        }
    }
}
