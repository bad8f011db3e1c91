package io.forebay.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.GetPresence;
import io.forebay.presence.query.ListPresences;
import io.forebay.presence.query.PresenceCounts;
import io.forebay.presence.query.PresenceEntry;
import io.forebay.presence.query.PresenceFound;
import io.forebay.presence.query.PresencePage;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Snowflake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands against a map, with limits so small that every bulk write is folded by several ticks: what is read in
 * the middle of a fold is what the map holds, and what was told adds up to it.
 */
class PresenceModelTest {

    private static final Duration BATCH_AGE = Duration.ofHours(1);
    private static final PresenceConfig TINY =
            new PresenceConfig(JsonLimits.defaults(), 2, 2, 1_000, 1_000_000, BATCH_AGE, 10, 10_000);
    private static final String[] STATUSES = {"online", "idle", "dnd", "offline", "away"};

    private final Map<String, TreeMap<Long, String>> model = new HashMap<>();

    /** Bulk writes of which chunks are still to come. */
    private final List<OpenBulk> open = new ArrayList<>();

    /** How many bulk writes were begun whose senders never came back. */
    private int abandoned;

    private record OpenBulk(String id, String guild, boolean replace, Map<Long, String> listed, int next) {}

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsAndChangesAgreeWithAMap(long seed) {
        Random random = new Random(seed);
        try (PresenceDriver driver = new PresenceDriver(dir, TINY)) {
            Map<String, String> told = new HashMap<>();
            for (int step = 0; step < 400; step++) {
                step(random, driver, step);
                compare(driver, "seed " + seed + ", step " + step);
                apply(driver.changes(), told, "seed " + seed + ", step " + step);
            }
            while (!open.isEmpty()) {
                nextChunk(random, driver, 400);
            }
            for (int i = 0; i < abandoned; i++) {
                driver.send("7", Commands.chunk("after", 0, false));
                driver.send("7", Commands.chunk("after", 1, true));
            }
            driver.runTicks();
            apply(driver.changes(), told, "seed " + seed);
            compare(driver, "seed " + seed + " after the last tick");
            for (String guild : model.keySet()) {
                CountPresences count = new CountPresences(Snowflake.parse(guild).value());
                assertThat(driver.ask(count).pending())
                        .as("seed %s: what is left of bulk writes", seed)
                        .isZero();
            }
            assertThat(told).as("seed %s: what was told", seed).isEqualTo(flat());
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    private void step(Random random, PresenceDriver driver, int step) {
        String guild = random.nextInt(4) == 0 ? "18446744073709551615" : "7";
        Map<Long, String> presences = presencesOf(guild);
        switch (random.nextInt(15)) {
            case 0 -> {
                driver.send(guild, new PurgePresences());
                presences.clear();
            }
            case 1 -> bulk(random, driver, guild, presences, true, step);
            case 2 -> bulk(random, driver, guild, presences, false, step);
            case 3, 4 -> {
                long user = user(random);
                driver.send(guild, Commands.removePresence(Long.toUnsignedString(user)));
                presences.remove(user);
            }
            case 5 -> driver.runOneTick();
            case 6 -> {
                if (open.size() < 3) {
                    open.add(new OpenBulk("open-" + step, guild, random.nextBoolean(), new HashMap<>(), 0));
                }
            }
            case 7, 8, 9 -> nextChunk(random, driver, step);
            case 10 -> {
                if (random.nextInt(4) == 0) {
                    driver.advance(BATCH_AGE.plusMillis(1));
                    abandoned += open.size();
                    open.clear();
                }
            }
            default -> {
                long user = user(random);
                String body = body(guild, user, random, step);
                driver.send(guild, Commands.createPresence(body));
                presences.put(user, body);
            }
        }
    }

    /** The next chunk of one of the open bulk writes; other commands, and other bulk writes of the guild, come in between. */
    private void nextChunk(Random random, PresenceDriver driver, int step) {
        if (open.isEmpty()) {
            return;
        }
        OpenBulk bulk = open.remove(random.nextInt(open.size()));
        List<String> bodies = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            long user = user(random);
            String body = body(bulk.guild(), user, random, step);
            bodies.add(body);
            bulk.listed().put(user, body);
        }
        boolean last = random.nextInt(4) == 0;
        Chunk chunk = new Chunk(bulk.id(), bulk.next(), last);
        driver.send(bulk.guild(), Commands.bulk(bulk.replace(), chunk, bodies.toArray(String[]::new)));
        if (!last) {
            open.add(new OpenBulk(bulk.id(), bulk.guild(), bulk.replace(), bulk.listed(), bulk.next() + 1));
            return;
        }
        Map<Long, String> presences = presencesOf(bulk.guild());
        if (bulk.replace()) {
            presences.clear();
        }
        presences.putAll(bulk.listed());
    }

    private Map<Long, String> presencesOf(String guild) {
        return model.computeIfAbsent(guild, g -> new TreeMap<>(Long::compareUnsigned));
    }

    private static void bulk(
            Random random,
            PresenceDriver driver,
            String guild,
            Map<Long, String> presences,
            boolean replace,
            int step) {
        List<String> bodies = new ArrayList<>();
        Map<Long, String> listed = new HashMap<>();
        int count = random.nextInt(9);
        for (int i = 0; i < count; i++) {
            long user = user(random);
            String body = body(guild, user, random, step);
            bodies.add(body);
            listed.put(user, body);
        }
        int chunks = random.nextInt(3);
        if (chunks == 0) {
            driver.send(guild, Commands.bulk(replace, null, bodies.toArray(String[]::new)));
        } else {
            int size = bodies.size() / chunks;
            for (int i = 0; i < chunks; i++) {
                boolean last = i == chunks - 1;
                String[] part = bodies.subList(i * size, last ? bodies.size() : (i + 1) * size)
                        .toArray(String[]::new);
                driver.send(guild, Commands.bulk(replace, new Chunk("batch", i, last), part));
            }
        }
        if (replace) {
            presences.clear();
        }
        presences.putAll(listed);
    }

    private static long user(Random random) {
        return random.nextInt(5) == 0 ? -1 - random.nextInt(3) : random.nextInt(8);
    }

    private static String body(String guild, long user, Random random, int step) {
        return "{\"guild_id\":\"%s\",\"user\":{\"id\":\"%s\"},\"status\":\"%s\",\"step\":%s}"
                .formatted(guild, Long.toUnsignedString(user), STATUSES[random.nextInt(STATUSES.length)], step);
    }

    private void compare(PresenceDriver driver, String when) {
        model.forEach((guild, presences) -> {
            long guildId = Snowflake.parse(guild).value();
            List<String> expected = new ArrayList<>(presences.values());
            assertThat(list(driver, guildId, null))
                    .as("%s: list of %s", when, guild)
                    .isEqualTo(expected);
            for (String status : STATUSES) {
                assertThat(list(driver, guildId, status))
                        .as("%s: %s of %s", when, status, guild)
                        .isEqualTo(expected.stream()
                                .filter(body -> body.contains("\"" + status + "\""))
                                .toList());
            }
            PresenceCounts counts = driver.ask(new CountPresences(guildId));
            assertThat(counts.total()).as("%s: count of %s", when, guild).isEqualTo(presences.size());
            assertThat(counts.statuses()).isEqualTo(countsOf(presences));
            for (long user = -3; user < 8; user++) {
                PresenceFound found = driver.ask(new GetPresence(guildId, user));
                assertThat(text(found.presence()))
                        .as("%s: %s of %s", when, user, guild)
                        .isEqualTo(presences.get(user));
            }
        });
        List<String> everything = new ArrayList<>();
        model.entrySet().stream()
                .sorted((a, b) -> Snowflake.parse(a.getKey()).compareTo(Snowflake.parse(b.getKey())))
                .forEach(entry -> everything.addAll(entry.getValue().values()));
        assertThat(list(driver, null, null)).as("%s: everything", when).isEqualTo(everything);
    }

    private static Map<String, Long> countsOf(Map<Long, String> presences) {
        return presences.values().stream()
                .map(body -> Objects.requireNonNull(JsonObject.parse(body).member("status"))
                        .asText())
                .collect(Collectors.groupingBy(
                        status -> status.equals("away") ? "other" : status, Collectors.counting()));
    }

    /** Three entries a page, so that cursors are put to the test as well. */
    private static List<String> list(PresenceDriver driver, @Nullable Long guild, @Nullable String status) {
        List<String> bodies = new ArrayList<>();
        byte[] after = null;
        do {
            PresencePage page = driver.ask(new ListPresences(guild, status, null, List.of(), after, 3));
            for (PresenceEntry entry : page.entries()) {
                bodies.add(new String(entry.presence(), StandardCharsets.UTF_8));
            }
            after = page.scannedTo();
        } while (after != null);
        return bodies;
    }

    private static void apply(List<PresenceChanged> changes, Map<String, String> told, String when) {
        for (PresenceChanged change : changes) {
            String address = change.getGuildId() + "/" + change.getUserId();
            assertThat(told.get(address)).as("%s: old of %s", when, address).isEqualTo(change.getOld());
            if (change.getNew$() == null) {
                told.remove(address);
            } else {
                told.put(address, change.getNew$());
            }
        }
    }

    private Map<String, String> flat() {
        Map<String, String> flat = new HashMap<>();
        model.forEach((guild, presences) ->
                presences.forEach((user, body) -> flat.put(guild + "/" + Long.toUnsignedString(user), body)));
        return flat;
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }
}
