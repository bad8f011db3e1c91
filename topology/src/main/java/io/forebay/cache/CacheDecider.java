package io.forebay.cache;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.forebay.cache.state.CacheKey;
import io.forebay.cache.state.Freshness;
import io.forebay.cache.state.Lease;
import io.forebay.cache.state.Limits;
import io.forebay.cache.state.Loads;
import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.OwnCommand;
import io.forebay.command.RefusedException;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysDecider;
import io.forebay.keys.state.KeyTable;
import io.forebay.keys.state.StoredKey;
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
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands to caches, in front of the decider of keys, whose records its entries are.
 *
 * <p><b>One load at a time.</b> Who asks for an entry that is not fresh is given the lease, or told who has it. Only under
 * the lease can the entry be filled. A lease that is not used has its time by the log, so that a reader that died holds up
 * nobody (compare the leases of Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1).
 *
 * <p><b>Nothing outdated is kept.</b> A load reads its source at some time after its lease was given. An invalidation says
 * that the source has changed. So what was loaded under a lease given before it may be the old value: it is good enough for
 * the reader that loads, and is not kept. Lease, invalidation and fill are records of one partition, whose offsets say
 * which came first.
 *
 * <p><b>An older value meanwhile.</b> A reader may say for how long after its lifetime it takes the older value (RFC 5861,
 * section 3). The first of these is given the lease as ever, and the others are told to take what is there. It is the same
 * lease: an invalidation removes the older value at once, and what was loaded before it is not kept. A refresh that fails is
 * not tried again for as long as the value has been stale by then, within bounds: the time between tries doubles, and nothing
 * has to be counted. Who takes no older value does not wait for that, but is given the lease.
 */
public final class CacheDecider implements Decider<KeyCommand> {

    private static final int MOST_LIMITS = 1_000;
    private static final long LEAST_PAUSE_MS = 1_000;
    private static final long MOST_PAUSE_MS = 60_000;

    private final KeysDecider keys;
    private final TopicSpec input;
    private final KeysConfig config;
    private final CacheRules rules;
    private final CacheStats stats;

    private @Nullable Loads loads;
    private @Nullable Limits limits;

    /**
     * A decider for one task.
     *
     * @param keys decides what is not for caches
     * @param input the topic of the commands
     * @param stats where entries are counted that are taken out
     */
    public CacheDecider(KeysDecider keys, TopicSpec input, KeysConfig config, CacheStats stats) {
        this.keys = keys;
        this.input = input;
        this.config = config;
        this.rules = new CacheRules(config);
        this.stats = stats;
    }

    @Override
    public void open(PartitionStore store) {
        keys.open(store);
        loads = new Loads(store);
        limits = new Limits(store);
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        keys.checkKey(key);
    }

    @Override
    public KeyPlacement placement() {
        return keys.placement();
    }

    @Override
    public Outcome decide(Path key, KeyCommand command, Decision decision) throws RefusedException {
        if (!(command.getCommand() instanceof CacheCommand cache)) {
            return keys.decide(key, command, decision);
        }
        Object asked = cache.getCommand();
        if (asked instanceof BeginLoad begin) {
            return begin(addressed(key, begin.getKey()), begin, decision);
        } else if (asked instanceof FillEntry fill) {
            return fill(addressed(key, fill.getKey()), fill, decision);
        } else if (asked instanceof GiveUpLoad giveUp) {
            return giveUp(addressed(key, giveUp.getKey()), giveUp.getLease(), decision);
        } else if (asked instanceof TouchEntry touch) {
            return touch(addressed(key, touch.getKey()), touch, decision);
        } else if (asked instanceof InvalidateKeys invalidate) {
            return invalidate(key, invalidate.getKeys(), decision);
        }
        throw new RefusedException(400, "wrong_key", "key", "%partition, for a command to a partition");
    }

    @Override
    public Outcome decideForPartition(KeyCommand command, Decision decision) throws RefusedException {
        if (!(command.getCommand() instanceof CacheCommand cache)) {
            return keys.decideForPartition(command, decision);
        }
        Object asked = cache.getCommand();
        if (asked instanceof InvalidateMatch invalidate) {
            PathMatch match = rules.match(invalidate.getMatch(), "/match");
            table().deleteAll(decision, match, null, config.deletedAtOnce());
            loads().invalidate(decision, match);
            return Outcome.done();
        } else if (asked instanceof InvalidateTag invalidate) {
            CacheRules.cache(invalidate.getCache(), "/cache");
            CacheRules.tag(invalidate.getTag(), "/tag");
            String namespace = CacheKey.namespace(invalidate.getCache());
            table().deleteAll(
                            decision, CacheKey.all(invalidate.getCache()), invalidate.getTag(), config.deletedAtOnce());
            loads().invalidateTag(decision, namespace, invalidate.getTag());
            return Outcome.done();
        } else if (asked instanceof LimitCaches limit) {
            return limit(limit.getLimits(), decision);
        }
        return Decider.super.decideForPartition(command, decision);
    }

    @Override
    public boolean hasPendingWork() {
        return keys.hasPendingWork() || limits().isAnyAbove();
    }

    @Override
    public void proceed(Decision decision) {
        // What is invalidated, and stored until it is carried away, goes before anything that is not.
        boolean isCarriedAway = !keys.hasPendingWork();
        keys.proceed(decision);
        loads().lapse(decision, config.carriedPerTick());
        Limits.Trimmed trimmed = isCarriedAway ? limits().trim(decision, table(), config.carriedPerTick()) : null;
        if (trimmed != null) {
            evicted(trimmed.namespace(), trimmed.entries());
        }
    }

    private void evicted(String namespace, int entries) {
        if (entries > 0) {
            stats.of(CacheKey.cache(namespace)).evicted(entries);
        }
    }

    @Override
    public List<OwnCommand> ownCommands(long now) {
        return keys.ownCommands(now);
    }

    @Override
    public long dueAt() {
        return Math.min(keys.dueAt(), loads().dueAt());
    }

    private Outcome begin(Path key, BeginLoad begin, Decision decision) throws RefusedException {
        Long lifetime = begin.getLifetime();
        CacheRules.lifetime(lifetime, "/lifetime");
        CacheRules.lease(begin.getLeaseMs(), "/lease_ms");
        long staleFor = CacheRules.stale(begin.getStaleMs(), "/stale_ms");
        String caller = CacheRules.caller(begin.getCaller(), "/caller");
        StoredKey entry = table().get(decision, key);
        if (entry != null && Freshness.isFresh(entry.touched(), lifetime, decision.logTime())) {
            touch(key, entry, decision.logTime(), lifetime, decision);
            return answered("\"hit\":true");
        }
        boolean stale = entry != null && Freshness.isStale(entry.touched(), lifetime, staleFor, decision.logTime());
        String older = stale ? ",\"stale\":true" : "";
        Lease held = loads().lease(decision, key);
        if (held != null) {
            return answered("\"wait_for\":" + quoted(held.caller()) + "," + lease(held.offset()) + older);
        }
        if (stale && loads().isPaused(decision, key)) {
            return answered("\"stale\":true");
        }
        loads().grant(
                        decision,
                        new Lease(
                                key,
                                decision.offset(),
                                decision.logTime() + begin.getLeaseMs(),
                                milliseconds(lifetime),
                                caller,
                                stale ? Lease.Use.REFRESH : Lease.Use.LOAD));
        return answered(lease(decision.offset()) + older);
    }

    private Outcome fill(Path key, FillEntry fill, Decision decision) throws RefusedException {
        rules.fill(fill, "");
        List<String> tags = fill.getTags().stream().distinct().toList();
        Lease held = loads().lease(decision, key);
        boolean holds = held != null && held.offset() == fill.getLease();
        if (loads().isOutdated(key, fill.getLease(), tags)) {
            if (holds) {
                loads().end(decision, key);
            }
            return answered("\"kept\":false");
        }
        if (held == null || !holds) {
            throw notHeld();
        }
        byte[] value = new byte[fill.getValue().remaining()];
        fill.getValue().duplicate().get(value);
        boolean isNew = !table().isStored(decision, key);
        // What is there goes first, in the order in which it was hidden; then this takes its place.
        table().get(decision, key);
        table().put(
                        decision,
                        key,
                        new StoredKey(
                                decision.offset(),
                                StoredKey.NEVER,
                                held.lifetime(),
                                decision.logTime(),
                                false,
                                fill.getContentType(),
                                tags,
                                value));
        loads().end(decision, key);
        evicted(key.part(0), limits().filled(decision, table(), key, isNew));
        return answered("\"kept\":true");
    }

    private Outcome giveUp(Path key, long lease, Decision decision) throws RefusedException {
        Lease held = loads().lease(decision, key);
        if (held != null && held.offset() == lease) {
            StoredKey older = held.use() == Lease.Use.REFRESH ? table().get(decision, key) : null;
            if (older == null) {
                loads().end(decision, key);
            } else {
                long stale = decision.logTime() - older.touched() - held.lifetime();
                long pause = Math.min(Math.max(stale, LEAST_PAUSE_MS), MOST_PAUSE_MS);
                loads().pause(decision, held, decision.logTime() + pause);
            }
        } else if (!loads().isOutdated(key, lease, List.of())) {
            throw notHeld();
        }
        return Outcome.done();
    }

    private Outcome touch(Path key, TouchEntry touch, Decision decision) throws RefusedException {
        CacheRules.lifetime(touch.getLifetime(), "/lifetime");
        StoredKey entry = table().get(decision, key);
        if (entry != null) {
            touch(key, entry, Math.min(touch.getAt(), decision.logTime()), touch.getLifetime(), decision);
        }
        return Outcome.done();
    }

    /** An entry remembers the shortest lifetime among its readers: how often it is worth telling that it was read. */
    private void touch(Path key, StoredKey entry, long read, @Nullable Long lifetime, Decision decision) {
        long shortest = Math.min(entry.lifetime(), milliseconds(lifetime));
        if (read > entry.touched() || shortest < entry.lifetime()) {
            table().put(
                            decision,
                            key,
                            new StoredKey(
                                    entry.version(),
                                    StoredKey.NEVER,
                                    shortest,
                                    Math.max(read, entry.touched()),
                                    false,
                                    entry.contentType(),
                                    entry.tags(),
                                    entry.value()));
        }
    }

    private static long milliseconds(@Nullable Long lifetime) {
        return lifetime == null ? StoredKey.NEVER : TimeUnit.SECONDS.toMillis(lifetime);
    }

    private Outcome invalidate(Path recordKey, List<String> texts, Decision decision) throws RefusedException {
        if (texts.size() > config.batchMaxCount()) {
            throw new RefusedException(
                    413, "too_large", "/keys", "a command has at most " + config.batchMaxCount() + " keys");
        }
        Set<Path> all = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String pointer = "/keys/" + i;
            Path key = rules.key(texts.get(i), pointer);
            if (placement().partition(key.toBytes(), input.partitions()) != decision.partition()) {
                throw new RefusedException(
                        400, "wrong_partition", pointer, "a command's keys are on the partition that it is sent to");
            }
            all.add(key);
        }
        if (!all.contains(recordKey)) {
            throw new RefusedException(400, "wrong_key", "key", "one of the keys that the command names");
        }
        int index = 0;
        for (Path key : all) {
            table().delete(decision, key);
            loads().invalidate(decision, key, index++);
        }
        return Outcome.done();
    }

    private Outcome limit(List<CacheLimit> wanted, Decision decision) throws RefusedException {
        if (wanted.size() > MOST_LIMITS) {
            throw new RefusedException(413, "too_large", "/limits", "at most " + MOST_LIMITS + " caches have a limit");
        }
        Map<String, Long> shares = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            CacheLimit limit = wanted.get(i);
            String pointer = "/limits/" + i;
            CacheRules.cache(limit.getCache(), pointer + "/cache");
            if (limit.getEntries() < input.partitions()) {
                throw RefusedException.invalid(
                        pointer + "/entries", "at least one on each partition: " + input.partitions());
            }
            long share = Limits.share(limit.getEntries(), input.partitions(), decision.partition());
            if (shares.put(CacheKey.namespace(limit.getCache()), share) != null) {
                throw RefusedException.invalid(pointer + "/cache", "a cache that is named once");
            }
        }
        limits().set(decision, shares);
        return Outcome.done();
    }

    /** The entry that a command names, which is that of its record. */
    private Path addressed(Path recordKey, String text) throws RefusedException {
        Path key = rules.key(text, "/key");
        if (!key.equals(recordKey)) {
            throw new RefusedException(400, "wrong_key", "key", "the key that the command names");
        }
        return key;
    }

    private static RefusedException notHeld() {
        return new RefusedException(
                409,
                "lease_not_held",
                "Forebay-Lease",
                "the lease that the entry's load was begun under; it ends with a fill and after its time");
    }

    private static String lease(long offset) {
        return "\"lease\":\"" + offset + "\"";
    }

    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    private static Outcome answered(String members) {
        return Outcome.answered(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
    }

    private KeyTable table() {
        return keys.table();
    }

    private Loads loads() {
        return Objects.requireNonNull(loads, "open");
    }

    private Limits limits() {
        return Objects.requireNonNull(limits, "open");
    }
}
