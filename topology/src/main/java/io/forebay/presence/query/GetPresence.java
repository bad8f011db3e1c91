package io.forebay.presence.query;

import io.forebay.presence.state.PresenceReader;
import io.forebay.presence.state.StoredPresence;
import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;

/**
 * One presence.
 *
 * @param guild the guild's id, unsigned
 * @param user the user's id, unsigned
 */
public record GetPresence(long guild, long user) implements StoreQuery<PresenceFound> {

    @Override
    public PresenceFound evaluate(StoreView view) {
        StoredPresence presence = PresenceReader.get(view, guild, user);
        return presence == null ? PresenceFound.NONE : new PresenceFound(presence.json(), presence.version());
    }
}
