package io.forebay.it.poison;

import io.forebay.it.keys.KeyTopics;
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
import io.forebay.schemas.topic.ReservedKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is wrong with caches, whose topic is that of keys. */
final class CachePoison implements PoisonTable {
    private static final String KEY = "cache%3Ac/k";
    private static final String CALL = "/v1/caches/c/k";
    private static final String PARTITION = new String(ReservedKeys.partition(), StandardCharsets.UTF_8);

    private static final String NO_CACHE = "key, match or cache of no cache in a command to caches";
    private static final String LIFETIME = "negative or fractional lifetime of a reader";
    private static final String STALE = "negative time for which a reader takes an older value";
    private static final String LIMIT =
            "limit of a cache of less than one entry on each partition, or two of one cache";
    private static final String LEASE = "fill or giving up without the lease";

    private static final CacheLimit LIMITED = new CacheLimit("c", 1_000L);

    private final KeysPoison keys;

    CachePoison(KeysPoison keys) {
        this.keys = keys;
    }

    @Override
    public KeyTopics topics() {
        return keys.topics();
    }

    @Override
    public boolean goesOn(int partition) {
        return keys.goesOn(partition);
    }

    @Override
    public List<BadRecord> records() {
        return List.of(
                bad(NO_CACHE, "invalid", "ns/k", new InvalidateKeys(List.of("ns/k"))),
                bad(NO_CACHE, "invalid", PARTITION, new InvalidateMatch("ns/**"))
                        .named("match"),
                bad(NO_CACHE, "invalid", PARTITION, new InvalidateTag("", "tag"))
                        .named("cache"),
                bad(LIFETIME, "invalid", KEY, begin().setLifetime(-1L).build()),
                bad(STALE, "invalid", KEY, begin().setStaleMs(-1L).build()),
                bad(LIMIT, "invalid", PARTITION, new LimitCaches(List.of(new CacheLimit("c", 0L)))),
                bad(LIMIT, "invalid", PARTITION, new LimitCaches(List.of(LIMITED, LIMITED)))
                        .named("twice"),
                bad(
                        LEASE,
                        "lease_not_held",
                        KEY,
                        FillEntry.newBuilder()
                                .setKey(KEY)
                                .setLease(0)
                                .setValue(ByteBuffer.allocate(1))
                                .build()),
                bad(LEASE, "lease_not_held", KEY, new GiveUpLoad(KEY, 0L)).named("giving up"));
    }

    @Override
    public List<BadRequest> requests() {
        return List.of(
                BadRequest.of(LIFETIME, "POST", CALL, 400, "invalid", "/lifetime")
                        .json("{\"lifetime\":-1}"),
                BadRequest.of(LIFETIME, "POST", CALL, 400, "invalid", "/lifetime")
                        .json("{\"lifetime\":1.5}")
                        .named("fractional"),
                BadRequest.of(LEASE, "PUT", CALL, 409, "lease_not_held", null).json("1"),
                BadRequest.of(LEASE, "PUT", CALL, 409, "lease_not_held", null)
                        .json("1")
                        .header("Forebay-Lease", "0")
                        .named("of somebody else"),
                BadRequest.of(LEASE, "DELETE", CALL, 409, "lease_not_held", null)
                        .header("Forebay-Lease", "0")
                        .named("giving up"));
    }

    private static BeginLoad.Builder begin() {
        return BeginLoad.newBuilder().setKey(KEY).setLeaseMs(1_000);
    }

    private BadRecord bad(String line, String reason, String key, Object command) {
        return BadRecord.of(line, reason, key, topics().encode(new KeyCommand(new CacheCommand(command))));
    }
}
