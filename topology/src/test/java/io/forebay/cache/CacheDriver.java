package io.forebay.cache;

import io.forebay.cache.change.ChangeStats;
import io.forebay.cache.change.ChangesConfig;
import io.forebay.cache.change.ChangesFlow;
import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.CacheLimit;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.LimitCaches;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The production topology of keys and caches under a test driver. Keys are canonical paths, values are text. */
final class CacheDriver implements AutoCloseable {

    static final long LEASE_MS = 10_000;

    final FlowDriver flow;
    final CacheStats stats = new CacheStats((cache, counts) -> {});
    final ChangeStats changeStats = new ChangeStats();
    private final Serializer<RowChange> rows;
    private final Deserializer<KeyCommand> commands;
    private int requests;

    CacheDriver(Path dir) {
        this(dir, KeysConfig.defaults());
    }

    CacheDriver(Path dir, KeysConfig config) {
        this(dir, config, ChangesConfig.defaults());
    }

    CacheDriver(Path dir, KeysConfig config, ChangesConfig changes) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(1));
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        KeysFlow.store(catalogue),
                        catalogue.keysSync(),
                        (serdes, engine, ticks, health) -> ChangesFlow.addTo(
                                KeysFlow.topology(
                                        catalogue,
                                        serdes,
                                        engine,
                                        config,
                                        retention,
                                        ticks,
                                        health,
                                        keys -> new CacheDecider(keys, catalogue.keys(), config, stats)),
                                catalogue,
                                serdes,
                                changes,
                                config,
                                health,
                                changeStats)));
        rows = flow.serdes().serializer(RowChange.class);
        commands = flow.serdes().deserializer(KeyCommand.class);
    }

    /** What a reader is told: {@code {"hit":true}}, a lease, or whom to wait for. */
    String begin(String key, @Nullable Long lifetime, String caller) {
        return decide(key, new BeginLoad(key, lifetime, LEASE_MS, caller, null)).text();
    }

    /** What a reader is told that takes an older value for some time after its lifetime. */
    String beginStale(String key, long lifetime, long staleFor) {
        return decide(key, new BeginLoad(key, lifetime, LEASE_MS, "", staleFor)).text();
    }

    /** The lease that a reader is given. */
    long lease(String key, @Nullable Long lifetime) {
        String told = begin(key, lifetime, "");
        if (!told.startsWith("{\"lease\":\"")) {
            throw new AssertionError(told);
        }
        return Long.parseLong(told.substring(10, told.length() - 2));
    }

    Outcome fill(String key, long lease, String value, String... tags) {
        ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
        return decide(key, new FillEntry(key, lease, bytes, "application/json", List.of(tags)));
    }

    /** Loads and fills. */
    void load(String key, @Nullable Long lifetime, String value, String... tags) {
        Outcome outcome = fill(key, lease(key, lifetime), value, tags);
        if (!outcome.text().equals("{\"kept\":true}")) {
            throw new AssertionError(outcome.text());
        }
    }

    Outcome giveUp(String key, long lease) {
        return decide(key, new GiveUpLoad(key, lease));
    }

    void touch(String key, long at) {
        decide(key, new TouchEntry(key, at, null));
    }

    void invalidate(String... keys) {
        decide(keys[0], new InvalidateKeys(List.of(keys)));
    }

    void invalidateMatch(String match) {
        decide(null, new InvalidateMatch(match));
    }

    void invalidateTag(String cache, String tag) {
        decide(null, new InvalidateTag(cache, tag));
    }

    /** A row change in the wire format. */
    byte[] wire(RowChange change) {
        return rows.serialize(flow.catalogue().changes().name(), change);
    }

    /** Appends a row change under a key, and returns the commands that were forwarded for it. */
    List<Object> change(String key, RowChange change) {
        return changeRaw(key.getBytes(StandardCharsets.UTF_8), wire(change));
    }

    List<Object> changeRaw(byte @Nullable [] key, byte @Nullable [] value) {
        return flow.appendTo(flow.catalogue().changes(), key, value).stream()
                .map(forwarded -> commands.deserialize(flow.catalogue().keys().name(), forwarded.value()))
                .map(command -> ((CacheCommand) command.getCommand()).getCommand())
                .toList();
    }

    /** Limits one cache, in place of every limit before. */
    void limit(String cache, long entries) {
        decide(null, new LimitCaches(List.of(new CacheLimit(cache, entries))));
    }

    /** Sends a command to caches and answers what was decided. */
    Outcome decide(@Nullable String key, Object command) {
        return decideKeys(key, new CacheCommand(command));
    }

    /** Sends any command and answers what was decided. */
    Outcome decideKeys(@Nullable String key, Object command) {
        String id = "request-" + requests++;
        byte[] keyBytes = key == null ? ReservedKeys.partition() : key.getBytes(StandardCharsets.UTF_8);
        byte[] value = flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.catalogue().keys().name(), new KeyCommand(command));
        flow.append(keyBytes, value, id);
        return flow.outcome(id, keyBytes, value);
    }

    Looked look(String key, @Nullable Long lifetime) {
        return flow.ask(new LookUp(key, lifetime, 0));
    }

    /** What a reader finds that takes an older value for some time after its lifetime. */
    Looked lookStale(String key, long lifetime, long staleFor) {
        return flow.ask(new LookUp(key, lifetime, staleFor));
    }

    /** What a reader finds that takes any age: the value as text, or null. */
    @Nullable
    String get(String key) {
        return get(key, null);
    }

    @Nullable
    String get(String key, @Nullable Long lifetime) {
        return text(look(key, lifetime));
    }

    /** What was found, as text; null for nothing. */
    @Nullable
    static String text(Looked looked) {
        byte[] value = looked.value();
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    void advance(long ms) {
        flow.advance(Duration.ofMillis(ms));
    }

    @Override
    public void close() {
        flow.close();
    }
}
