package io.forebay.it.poison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.it.keys.KeyTopics;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.DeleteWhere;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.ReplaceKeys;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is wrong with keys. */
final class KeysPoison implements PoisonTable {
    /** Limits that a few records exceed, and a namespace on one partition. */
    static final Map<String, String> LIMITS = Map.of(
            "forebay.keys.value.max.bytes", "1024",
            "forebay.keys.key.max.bytes", "64",
            "forebay.keys.batch.max.count", "10",
            "forebay.keys.delete.max", "10",
            "forebay.keys.colocate", "together");

    private static final String KEY = "ns/k";
    private static final String LONG = "k".repeat(65);

    private static final String BAD_KEY = "key that is no namespace and part, is too long, or has a wildcard";
    private static final String OTHER_KEY = "key of a command that is not the record key's, or of another namespace";
    private static final String MATCH = "match without a literal namespace, or with a wildcard out of place";
    private static final String VALUE = "value above `forebay.keys.value.max.bytes`";
    private static final String LIFETIME = "negative or fractional lifetime";
    private static final String MEDIA_TYPE = "media type that is no printable ASCII, or too long";
    private static final String SLIDING = "sliding without a lifetime";
    private static final String BATCH = "more keys than `forebay.keys.batch.max.count`";
    private static final String GET = "more than 1000 keys to get at once";
    private static final String NO_ARRAY = "bulk or batch that is no array";
    private static final String DELETION =
            "deletion by match of more than `forebay.keys.delete.max` keys of a partition";
    private static final String PARTITIONS = "condition or replacement over several partitions";
    private static final String RESERVED = "key or match of a namespace that begins with `cache:` in a command to keys";
    private static final String REUSED = "request id used for another command";
    private static final String CONDITION = "condition that does not hold";

    private final ForebayStack stack;
    private final KeyTopics topics;

    /** Stores what some of the rows are about. */
    KeysPoison(ForebayStack stack) {
        this.stack = stack;
        this.topics = new KeyTopics(stack);
        KeyTopics.get(topics.send(KEY, puts(put(KEY).build()), "used"));
        stack.client()
                .call("PUT", "/v1/keys/" + KEY)
                .idempotencyKey("used-by-call")
                .json("1")
                .send()
                .orFail();
        stack.client().post("/v1/keys/together", batch(IntStream.range(0, 10))).orFail();
        stack.client().put("/v1/keys/together/10", "1").orFail();
    }

    @Override
    public KeyTopics topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        String key = key("on/", partition);
        String after = KeyTopics.position(topics.send(key, puts(put(key).build())));
        return stack.client().get("/v1/keys/" + key, after).isSuccess();
    }

    @Override
    public List<BadRecord> records() {
        int home = topics.input().partitionFor(KEY.getBytes(UTF_8));
        return List.of(
                bad(BAD_KEY, "wrong_key", new DeleteMatch("ns/**"), "ns/" + LONG)
                        .named("record key"),
                bad(BAD_KEY, "invalid", puts(key("", home))).named("no part"),
                bad(BAD_KEY, "invalid", puts("ns/*")).named("wildcard"),
                bad(BAD_KEY, "invalid", puts(key("ns/" + LONG, home))).named("long"),
                bad(OTHER_KEY, "wrong_key", puts(key("ns/", home)), KEY),
                bad(OTHER_KEY, "invalid", puts(KEY, key("other/", home)), KEY).named("namespace"),
                bad(MATCH, "invalid", new DeleteMatch("ns")),
                bad(MATCH, "invalid", new DeleteMatch("*/k")).named("wildcard for the namespace"),
                bad(MATCH, "invalid", new DeleteMatch("ns/a*")).named("part of a part"),
                bad(MATCH, "invalid", new DeleteMatch("ns/**/k")).named("not at the end"),
                bad(VALUE, "too_large", puts(put(KEY).setValue(ByteBuffer.allocate(1025)))),
                bad(LIFETIME, "invalid", puts(put(KEY).setTtlMs(-1L))),
                bad(MEDIA_TYPE, "invalid", puts(put(KEY).setContentType("text/x\r\ny"))),
                bad(SLIDING, "invalid", puts(put(KEY).setSliding(true))),
                bad(BATCH, "too_large", new PutKeys(Collections.nCopies(11, put(KEY).build()))),
                bad(DELETION, "too_large", new DeleteMatch("together/**"), "together/0"),
                bad(
                        PARTITIONS,
                        "cross_partition_condition",
                        new ReplaceKeys(List.of(new DeleteWhere("ns/**", null)), List.of())),
                bad(RESERVED, "reserved_namespace", puts("cache%3Ac/k"), "cache%3Ac/k"),
                bad(RESERVED, "reserved_namespace", new DeleteMatch("cache%3Ac/**"), "cache%3Ac/k")
                        .named("match"),
                bad(REUSED, "idempotency_key_reused", puts(put(KEY).setTtlMs(1L)))
                        .under("used"),
                bad(CONDITION, "precondition_failed", puts(put(KEY).setCondition(new Condition(null, true)))));
    }

    @Override
    public List<BadRequest> requests() {
        String call = "/v1/keys/" + KEY;
        String ns = "/v1/keys/ns";
        return List.of(
                invalid(BAD_KEY, "PUT", "/v1/keys/ns/*", "key").json("1"),
                invalid(BAD_KEY, "PUT", ns + "/" + LONG, "key").json("1").named("long"),
                invalid(BAD_KEY, "POST", ns, "/records/0/key")
                        .json(record("\"key\":[],\"value\":1"))
                        .named("no part"),
                invalid(MATCH, "GET", ns + "?match=a*", "match"),
                invalid(MATCH, "DELETE", ns + "?match=**%2Fk", "match").named("deletion"),
                BadRequest.of(VALUE, "PUT", call, 413, "too_large", null).body("text/plain", new byte[1025]),
                BadRequest.of(VALUE, "POST", ns, 413, "too_large", "/records/0/value")
                        .json(record("\"key\":[\"k\"],\"value\":\"" + "x".repeat(1025) + "\""))
                        .named("batch"),
                invalid(LIFETIME, "PUT", call + "?ttl_ms=-1", "ttl_ms").json("1"),
                invalid(LIFETIME, "PUT", call + "?ttl_ms=1.5", "ttl_ms")
                        .json("1")
                        .named("fractional"),
                invalid(LIFETIME, "POST", ns, "/records/0/ttl_ms")
                        .json(record("\"key\":[\"k\"],\"value\":1,\"ttl_ms\":-1"))
                        .named("batch"),
                invalid(MEDIA_TYPE, "PUT", call, "Content-Type").body("text/" + LONG.repeat(4), new byte[1]),
                invalid(MEDIA_TYPE, "POST", ns, "/records/0/content_type")
                        .json(record("\"key\":[\"k\"],\"value_base64\":\"\",\"content_type\":\"text/\\u00fc\""))
                        .named("batch"),
                invalid(SLIDING, "PUT", call + "?sliding=true", "sliding").json("1"),
                BadRequest.of(BATCH, "POST", ns, 413, "too_large", null).json(batch(IntStream.range(0, 11))),
                BadRequest.of(GET, "POST", ns + ":get", 413, "too_large", null)
                        .json(IntStream.range(0, 1001)
                                .mapToObj(i -> "[\"" + i + "\"]")
                                .collect(Collectors.joining(",", "{\"keys\":[", "]}"))),
                invalid(NO_ARRAY, "POST", ns, "/records").json("{\"records\":{}}"),
                BadRequest.of(DELETION, "DELETE", "/v1/keys/together?match=**", 413, "too_large", "/match"),
                BadRequest.of(PARTITIONS, "POST", ns, 400, "cross_partition_condition", null)
                        .json(IntStream.range(0, 10)
                                .mapToObj(i -> "{\"key\":[\"" + i + "\"],\"value\":1,\"if_none_match\":\"*\"}")
                                .collect(Collectors.joining(",", "{\"records\":[", "]}"))),
                BadRequest.of(PARTITIONS, "POST", ns, 400, "cross_partition_condition", "/delete/0")
                        .json("{\"delete\":[{\"match\":\"**\"}],\"records\":[]}")
                        .named("replacement"),
                BadRequest.of(RESERVED, "PUT", "/v1/keys/cache%3Ac/k", 400, "reserved_namespace", null)
                        .json("1"),
                BadRequest.of(RESERVED, "DELETE", "/v1/keys/cache%3Ac?match=**", 400, "reserved_namespace", null)
                        .named("match"),
                BadRequest.of(REUSED, "PUT", call, 422, "idempotency_key_reused", null)
                        .json("2")
                        .header("Idempotency-Key", "used-by-call"),
                BadRequest.of(CONDITION, "PUT", call, 412, "precondition_failed", null)
                        .json("2")
                        .header("If-None-Match", "*"));
    }

    private BadRecord bad(String line, String reason, Object command) {
        return bad(line, reason, command, KEY);
    }

    private BadRecord bad(String line, String reason, Object command, String key) {
        return BadRecord.of(line, reason, key, topics.encode(new KeyCommand(command)));
    }

    /** A key on a partition that begins like this, another one than {@link #KEY}. */
    private String key(String beginning, int partition) {
        TopicSpec input = topics.input();
        return Stream.iterate(0, i -> i + 1)
                .map(i -> beginning + i)
                .filter(key -> input.partitionFor(key.getBytes(UTF_8)) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static PutKey.Builder put(String key) {
        return PutKey.newBuilder().setKey(key).setValue(ByteBuffer.wrap(new byte[] {'1'}));
    }

    private static PutKeys puts(String... keys) {
        return new PutKeys(Stream.of(keys).map(key -> put(key).build()).toList());
    }

    private static PutKeys puts(PutKey.Builder put) {
        return new PutKeys(List.of(put.build()));
    }

    private static KeyCommand puts(PutKey put) {
        return new KeyCommand(new PutKeys(List.of(put)));
    }

    private static String record(String members) {
        return "{\"records\":[{" + members + "}]}";
    }

    private static String batch(IntStream keys) {
        return keys.mapToObj(i -> "{\"key\":[\"" + i + "\"],\"value\":1}")
                .collect(Collectors.joining(",", "{\"records\":[", "]}"));
    }

    private static BadRequest invalid(String line, String method, String path, String field) {
        return BadRequest.of(line, method, path, 400, "invalid", field);
    }
}
