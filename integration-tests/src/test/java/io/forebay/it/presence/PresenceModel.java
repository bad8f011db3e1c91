package io.forebay.it.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Presences as a sorted map, with the rules of the cache written as plainly as can be. */
final class PresenceModel {
    /** A presence that appeared, changed or went. */
    record Change(
            String guild,
            String user,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    private final Map<BigInteger, NavigableMap<BigInteger, ObjectNode>> guilds = new TreeMap<>();
    private List<Change> changes = new ArrayList<>();

    /** What changed since this was last asked, in order. */
    List<Change> takeChanges() {
        List<Change> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }

    void create(String guild, String user, ObjectNode body) {
        ObjectNode stored = corrected(guild, user, body);
        ObjectNode old = users(guild).put(new BigInteger(user), stored);
        if (!Json.sameValue(old, stored)) {
            changes.add(new Change(guild, user, old, stored));
        }
    }

    /** Answers what the caller is answered. */
    ObjectNode update(String guild, String user, ObjectNode body) {
        ObjectNode partial = corrected(guild, user, body);
        ObjectNode old = users(guild).get(new BigInteger(user));
        ObjectNode merged = old == null ? partial : merge(old, partial);
        users(guild).put(new BigInteger(user), merged);
        if (old != null
                && Json.sameValue(old.get("status"), merged.get("status"))
                && Json.sameValue(old.get("activities"), merged.get("activities"))) {
            return Json.object().put("changed", false);
        }
        changes.add(new Change(guild, user, old, merged));
        ObjectNode answer = Json.object().put("changed", true).put("guild_id", guild);
        answer.set("old", old == null ? Json.object().nullNode() : old);
        answer.set("new", merged);
        return answer;
    }

    void bulkCreate(String guild, List<ObjectNode> bodies, boolean replace) {
        Map<String, ObjectNode> listed = byUser(bodies);
        if (replace) {
            Set<BigInteger> kept =
                    Set.copyOf(listed.keySet().stream().map(BigInteger::new).toList());
            List.copyOf(users(guild).keySet()).stream()
                    .filter(user -> !kept.contains(user))
                    .forEach(user -> remove(guild, user.toString()));
        }
        listed.forEach((user, body) -> create(guild, user, body));
    }

    void remove(String guild, String user) {
        ObjectNode old = users(guild).remove(new BigInteger(user));
        if (old != null) {
            changes.add(new Change(guild, user, old, null));
        }
    }

    @Nullable
    JsonNode get(String guild, String user) {
        return users(guild).get(new BigInteger(user));
    }

    /** The entries of a list call, ascending by user id. */
    JsonNode list(String guild) {
        var list = Json.array();
        users(guild)
                .forEach((user, presence) -> list.addObject()
                        .put("guild_id", guild)
                        .put("user_id", user.toString())
                        .set("presence", presence));
        return list;
    }

    int count(String guild) {
        return users(guild).size();
    }

    private NavigableMap<BigInteger, ObjectNode> users(String guild) {
        return guilds.computeIfAbsent(new BigInteger(guild), id -> new TreeMap<>());
    }

    private static Map<String, ObjectNode> byUser(List<ObjectNode> bodies) {
        Map<String, ObjectNode> byUser = new java.util.LinkedHashMap<>();
        bodies.forEach(body -> byUser.put(body.at("/user/id").asText(), body));
        return byUser;
    }

    private static ObjectNode merge(ObjectNode old, ObjectNode partial) {
        ObjectNode merged = old.deepCopy();
        merged.setAll(partial.deepCopy());
        if (old.path("user").isObject() && partial.path("user").isObject()) {
            ObjectNode user = (ObjectNode) old.get("user").deepCopy();
            user.setAll((ObjectNode) partial.get("user"));
            merged.set("user", user);
        }
        return merged;
    }

    private static ObjectNode corrected(String guild, String user, ObjectNode body) {
        ObjectNode stored = body.deepCopy();
        if (stored.has("guild_id")) {
            correct(stored, "guild_id", guild);
        }
        if (stored.path("user").has("id")) {
            correct((ObjectNode) stored.get("user"), "id", user);
        }
        return stored;
    }

    private static void correct(ObjectNode object, String member, String id) {
        if (!object.get(member).asText().equals(id)) {
            if (object.get(member).isNumber()) {
                object.put(member, new BigInteger(id));
            } else {
                object.put(member, id);
            }
        }
    }
}
