package io.forebay.presence.state;

import io.forebay.store.IndexSink;
import io.forebay.store.Indexing;

/** Finds presences by status and open batches by age, and counts presences by guild and status. */
public final class PresenceIndexing implements Indexing {

    @Override
    public void entries(byte[] key, byte[] payload, IndexSink sink) {
        if (PresenceKeys.isPresence(key)) {
            long guild = PresenceKeys.guildOf(key);
            StatusCode status = StoredPresence.status(payload);
            sink.index(PresenceKeys.byStatus(status, guild, PresenceKeys.userOf(key)));
            sink.count(PresenceKeys.countOf(guild), 1);
            sink.count(PresenceKeys.countOf(guild, status), 1);
        } else if (PresenceKeys.isWave(key)) {
            sink.count(PresenceKeys.countOfWaves(), 1);
        } else if (PresenceKeys.isStaged(key)) {
            sink.count(PresenceKeys.countOfStaged(PresenceKeys.guildOf(key)), 1);
        } else if (PresenceKeys.isBatch(key)) {
            sink.index(PresenceKeys.byBegin(OpenBatch.begun(payload), key));
        }
    }
}
