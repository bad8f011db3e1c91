package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.command.Outcome;
import io.forebay.it.cache.CacheModel.Entry;
import io.forebay.it.cache.CacheModel.Told;
import io.forebay.it.json.Json;
import io.forebay.it.vectors.FlowInProcess;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random commands, a moving clock and restarts beside the model: after every step each entry is found as the model has it. */
class ModelTest {
    private static final int STEPS = 400;
    private static final long LEASE_MS = 500;
    private static final List<String> KEYS =
            List.of("cache%3Aa/g0/k0", "cache%3Aa/g0/k1", "cache%3Aa/g1/k0", "cache%3Ab/g0/k0");
    private static final List<String> MATCHES =
            List.of("cache%3Aa/**", "cache%3Aa/*/k0", "cache%3Aa/g0/*", "cache%3Ab/g1/**");

    private final CacheModel model = new CacheModel();

    /** Leases that were given, used or not. */
    private final List<Long> leases = new ArrayList<>(List.of(0L));

    private long now;
    private String when = "";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void entriesAreFoundAsTheModelHasThem(long seed) {
        Random random = new Random(seed);
        try (FlowInProcess flow = FlowInProcess.ofCaches()) {
            for (int step = 0; step < STEPS; step++) {
                when = "seed " + seed + ", step " + step;
                step(random, flow);
                KEYS.forEach(key -> compare(flow, key));
            }
        }
    }

    private void step(Random random, FlowInProcess flow) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        long lease = leases.get(Math.max(0, leases.size() - 1 - random.nextInt(4)));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> {
                Long[] lifetimes = {null, 0L, 1L, 2L};
                begin(flow, key, lifetimes[random.nextInt(lifetimes.length)]);
            }
            case 5, 6, 7, 8, 9 ->
                cache(
                        flow,
                        key,
                        FillEntry.newBuilder()
                                .setKey(key)
                                .setLease(lease)
                                .setValue(value("\"" + when + "\""))
                                .setTags(random.nextBoolean() ? List.of("t" + random.nextInt(2)) : List.of())
                                .build());
            case 10 -> cache(flow, key, new GiveUpLoad(key, lease));
            case 11 -> cache(flow, key, new InvalidateKeys(List.of(key)));
            case 12 -> cache(flow, null, new InvalidateMatch(MATCHES.get(random.nextInt(MATCHES.size()))));
            case 13 -> cache(flow, null, new InvalidateTag("a", "t" + random.nextInt(2)));
            case 14 -> cache(flow, key, new TouchEntry(key, now - 300 + random.nextInt(600), null));
            case 15 ->
                decide(
                        flow,
                        key,
                        new PutKeys(List.of(PutKey.newBuilder()
                                .setKey(key)
                                .setValue(value("1"))
                                .build())));
            case 16 -> {
                if (random.nextInt(5) == 0) {
                    flow.restart();
                }
            }
            default -> {
                long[] times = {1, 100, LEASE_MS - 1, LEASE_MS, 999, 1_000};
                long time = times[random.nextInt(times.length)];
                now += time;
                flow.advance(time);
            }
        }
    }

    private void begin(FlowInProcess flow, String key, @Nullable Long lifetime) {
        long offset = flow.appended();
        cache(flow, key, new BeginLoad(key, lifetime, LEASE_MS, null, null));
        if (model.answer(offset).contains(Told.LEASE)) {
            leases.add(offset);
        }
    }

    private void cache(FlowInProcess flow, @Nullable String key, Object command) {
        decide(flow, key, new CacheCommand(command));
    }

    /** Has the topology and the model decide, and compares what they answer. */
    private void decide(FlowInProcess flow, @Nullable String key, Object command) {
        KeyCommand asked = new KeyCommand(command);
        long offset = flow.appended();
        byte[] value = flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.topic().name(), asked);
        Outcome outcome = key == null ? flow.decideForPartition(value) : flow.decide(Path.parse(key), value);
        model.apply(asked, offset, now);
        assertThat(model.answer(offset)).as("%s: %s", when, asked).contains(told(outcome, offset));
    }

    private static Told told(Outcome outcome, long offset) {
        if (outcome.isRefused()) {
            return outcome.status() == 409 ? Told.NOT_HELD : Told.REFUSED;
        }
        return switch (outcome.text()) {
            case "" -> Told.DONE;
            case "{\"hit\":true}" -> Told.HIT;
            case "{\"kept\":true}" -> Told.KEPT;
            case "{\"kept\":false}" -> Told.NOT_KEPT;
            default -> {
                assertThat(Json.parse(outcome.text()).has("wait_for")
                                || Json.parse(outcome.text()).path("lease").asLong() == offset)
                        .isTrue();
                yield Json.parse(outcome.text()).has("wait_for") ? Told.WAIT : Told.LEASE;
            }
        };
    }

    private void compare(FlowInProcess flow, String key) {
        Entry entry = model.entries().get(key);
        for (Long lifetime : new Long[] {null, 1L}) {
            Looked looked = flow.ask(new LookUp(key, lifetime, 0));
            String expected = entry == null || !entry.isFresh(lifetime, now) ? null : entry.value();
            String found = looked.value() == null ? null : new String(looked.value(), StandardCharsets.UTF_8);
            assertThat(found).as("%s: %s", when, key).isEqualTo(expected);
            assertThat(looked.loading()).as("%s: %s", when, key).isEqualTo(model.isUnderWay(key, now));
        }
    }

    private static ByteBuffer value(String json) {
        return ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
    }
}
