package io.forebay.presence.http;

import io.forebay.http.calls.JsonBuffer;
import io.forebay.presence.query.PresenceCounts;
import io.forebay.presence.query.PresenceEntry;
import io.forebay.schemas.path.Snowflake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Forebay's own envelopes around presences. What was received is spliced in as it is, never parsed and written anew. */
final class PresenceJson {
    static final byte[] NOTHING_EMITTED = "{\"emitted\":[]}".getBytes(StandardCharsets.US_ASCII);

    private PresenceJson() {}

    static byte[] page(List<PresenceEntry> entries, @Nullable String next, List<Integer> missing) {
        JsonBuffer json = new JsonBuffer().text("{\"presences\":");
        entries(json, entries);
        json.text(",\"next\":").text(next == null ? "null" : '"' + next + '"');
        if (!missing.isEmpty()) {
            json.text(",\"missing\":").text(missing.toString().replace(" ", ""));
        }
        return json.text("}").bytes();
    }

    static byte[] snapshot(List<PresenceEntry> entries) {
        JsonBuffer json = new JsonBuffer().text("{\"presences\":");
        entries(json, entries);
        return json.text("}").bytes();
    }

    static byte[] change(String guild, String user, @Nullable String before, @Nullable String after) {
        return new JsonBuffer()
                .text("{\"guild_id\":\"")
                .text(guild)
                .text("\",\"user_id\":\"")
                .text(user)
                .text("\",\"old\":")
                .text(before == null ? "null" : before)
                .text(",\"new\":")
                .text(after == null ? "null" : after)
                .text("}")
                .bytes();
    }

    static byte[] counts(Snowflake guild, PresenceCounts counts) {
        JsonBuffer json = new JsonBuffer()
                .text("{\"guild_id\":\"" + guild + "\",\"total\":" + counts.total() + ",\"statuses\":{");
        boolean first = true;
        for (Map.Entry<String, Long> status : counts.statuses().entrySet()) {
            json.text(first ? "\"" : ",\"")
                    .text(status.getKey())
                    .text("\":")
                    .text(status.getValue().toString());
            first = false;
        }
        return json.text("},\"pending\":" + counts.pending() + "}").bytes();
    }

    private static void entries(JsonBuffer json, List<PresenceEntry> entries) {
        json.text("[");
        for (int i = 0; i < entries.size(); i++) {
            PresenceEntry entry = entries.get(i);
            json.text(i == 0 ? "{\"guild_id\":\"" : ",{\"guild_id\":\"")
                    .text(new Snowflake(entry.guild()).toString())
                    .text("\",\"user_id\":\"")
                    .text(new Snowflake(entry.user()).toString())
                    .text("\",\"presence\":")
                    .raw(entry.presence())
                    .text("}");
        }
        json.text("]");
    }
}
