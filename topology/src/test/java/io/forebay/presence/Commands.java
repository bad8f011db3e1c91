package io.forebay.presence;

import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.UpdatePresence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands as producers write them. JSON may have single quotes for double ones, so that it can be read here. */
final class Commands {

    private Commands() {}

    /** JSON with its quotes as they have to be. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    /** Creates what the ids of the body address. */
    static CreatePresence createPresence(String presence) {
        return createPresence(null, presence);
    }

    static CreatePresence createPresence(@Nullable String user, String presence) {
        return new CreatePresence(user, json(presence), null);
    }

    static CreatePresence createPresence(String presence, Condition condition) {
        return new CreatePresence(null, json(presence), condition);
    }

    /** Updates what the ids of the body address. */
    static UpdatePresence updatePresence(String presence) {
        return updatePresence(null, presence);
    }

    static UpdatePresence updatePresence(@Nullable String user, String presence) {
        return new UpdatePresence(user, json(presence), null);
    }

    static UpdatePresence updatePresence(String presence, Condition condition) {
        return new UpdatePresence(null, json(presence), condition);
    }

    static RemovePresence removePresence(String user) {
        return new RemovePresence(user, null);
    }

    /** A bulk in one record, beside what is there. */
    static BulkCreatePresences bulk(String... presences) {
        return bulk(false, null, presences);
    }

    /** The whole set of a guild, in one record. */
    static BulkCreatePresences replacement(String... presences) {
        return bulk(true, null, presences);
    }

    /** One record of a bulk that is spread over several. */
    static BulkCreatePresences chunk(String batch, int index, boolean last, String... presences) {
        return bulk(false, new Chunk(batch, index, last), presences);
    }

    static BulkCreatePresences bulk(boolean replace, @Nullable Chunk chunk, String... presences) {
        return new BulkCreatePresences(
                List.of(presences).stream().map(Commands::json).toList(), replace, chunk);
    }

    static GatewayDispatch dispatch(String type, String data) {
        return new GatewayDispatch(type, json(data));
    }
}
