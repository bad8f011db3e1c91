package io.forebay.it.presence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random presences and operations over few guilds and users, so that operations meet. Repeatable by its seed. */
final class RandomPresences {
    private static final List<String> GUILDS = List.of(
            "1",
            "9007199254740993",
            "197038439483310086",
            "290926798626357250",
            "41771983423143937",
            "18446744073709551615");
    private static final List<String> USERS = List.of(
            "2",
            "10",
            "9007199254740992",
            "9007199254740993",
            "82198898841029460",
            "193051320894259200",
            "9223372036854775808",
            "18446744073709551615");
    private static final List<String> STATUSES =
            List.of("\"online\"", "\"idle\"", "\"dnd\"", "\"offline\"", "\"invisible\"", "null", "7");
    private static final List<String> ACTIVITIES = List.of(
            "{\"name\":\"Custom Status\",\"type\":4,\"state\":\"#OpenErlang\",\"created_at\":1633974786695}",
            "{\"type\":4,\"created_at\":1633974786695.0,\"state\":\"#OpenErlang\",\"name\":\"Custom Status\"}",
            "{\"name\":\"Factorio\",\"type\":0,\"party\":{\"id\":\"x\",\"size\":[1,5]},\"timestamps\":{\"start\":1}}");
    private static final List<String> EXTRAS = List.of(
            "123456789012345678901234567890.5",
            "\"snow\\u2603man \\ud83d\\ude00 \\\"quoted\\\"\"",
            "[1,[2,[3]],{\"deep\":null}]",
            "{\"web\":\"idle\"}",
            "false");

    private final Random random;

    RandomPresences(long seed) {
        this.random = new Random(seed);
    }

    String guild() {
        return one(GUILDS);
    }

    String user() {
        return one(USERS);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    Operation operation() {
        String guild = guild();
        String user = user();
        int kind = random.nextInt(100);
        if (kind < 20) {
            return new Operation.Create(guild, user, body(guild, user, false));
        } else if (kind < 60) {
            return new Operation.Update(guild, user, body(guild, user, false));
        } else if (kind < 76) {
            return new Operation.Dispatch(guild, user, body(guild, user, true));
        } else if (kind < 86) {
            return new Operation.BulkCreate(guild, bodies(guild), false);
        } else if (kind < 91) {
            return new Operation.BulkCreate(guild, bodies(guild), true);
        } else if (kind < 97) {
            return new Operation.Remove(guild, user);
        }
        return new Operation.Purge(guild);
    }

    private List<ObjectNode> bodies(String guild) {
        List<ObjectNode> bodies = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String user = user();
            ObjectNode body = body(guild, user, false);
            body.set("user", Json.object().put("id", user));
            bodies.add(body);
        }
        return bodies;
    }

    private ObjectNode body(String guild, String user, boolean withIds) {
        ObjectNode body = Json.object();
        if (withIds || random.nextBoolean()) {
            ObjectNode inner = body.putObject("user");
            putId(inner, "id", withIds || random.nextInt(8) > 0 ? user : user());
            if (random.nextInt(4) == 0) {
                inner.put("username", "name" + random.nextInt(3));
            }
        }
        if (withIds || random.nextInt(3) > 0) {
            putId(body, "guild_id", withIds || random.nextInt(8) > 0 ? guild : guild());
        }
        if (random.nextInt(4) > 0) {
            body.set("status", Json.parse(one(STATUSES)));
        }
        int activities = random.nextInt(5);
        if (activities == 0) {
            body.putNull("activities");
        } else if (activities < 4) {
            ArrayNode list = body.putArray("activities");
            for (int i = 1; i < activities; i++) {
                list.add(Json.parse(one(ACTIVITIES)));
            }
        }
        if (random.nextInt(2) == 0) {
            body.set("extra" + random.nextInt(3), Json.parse(one(EXTRAS)));
        }
        return body;
    }

    private void putId(ObjectNode object, String member, String id) {
        if (random.nextInt(4) == 0) {
            object.put(member, new BigInteger(id));
        } else {
            object.put(member, id);
        }
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
