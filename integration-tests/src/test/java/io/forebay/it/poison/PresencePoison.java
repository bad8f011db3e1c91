package io.forebay.it.poison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.it.presence.PresenceCalls;
import io.forebay.it.presence.PresenceTopics;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.SourcePosition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with presences, and with records of any kind. */
final class PresencePoison implements PoisonTable {
    private static final String GUILD = "700";
    private static final String CALL = "/v1/presences/" + GUILD + "/1";

    private static final String NO_AVRO = "not Avro in Confluent's wire format, or empty";
    private static final String UNDECODABLE = "schema of another record, or bytes cut short";
    private static final String WRONG_KEY =
            "key that is no guild id, or of two parts, or with leading zeros, or of 2^64";
    private static final String NOT_CANONICAL = "key not in canonical form (`%37`)";
    private static final String NO_VALUE = "no value";
    private static final String USER_ID = "user id of 2^64, negative, or not a number";
    private static final String BAD_IN_BULK = "one bad presence in a bulk";
    private static final String NO_ARRAY = "bulk or batch that is no array";
    private static final String DISPATCH = "dispatch of unknown type";

    /** What is wrong with the text of a presence, however it comes. */
    private record BadText(
            String line,
            String text,
            String code,
            int status,
            @Nullable String field) {}

    private static final List<BadText> TEXTS = List.of(
            new BadText(
                    "presence above `forebay.presence.max.bytes`",
                    "{\"x\":\"" + "a".repeat(300_000) + "\"}",
                    "too_large",
                    413,
                    null),
            new BadText(
                    "nested deeper than `forebay.presence.max.depth`",
                    "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}",
                    "too_deep",
                    400,
                    "/x"),
            new BadText("`\\u0000` in a text or a name", "{\"x\":\"a\\u0000b\"}", "nul", 400, "/x"),
            new BadText("a surrogate without its other half", "{\"x\":\"\\ud800\"}", "lone_surrogate", 400, "/x"),
            new BadText("the same member twice", "{\"x\":1,\"x\":2}", "duplicate_member", 400, "/x"),
            new BadText("invalid JSON", "{\"x\":}", "invalid_json", 400, null),
            new BadText("JSON that is no object", "[]", "not_an_object", 400, null));

    private final ForebayStack stack;
    private final PresenceTopics topics;

    PresencePoison(ForebayStack stack) {
        this.stack = stack;
        this.topics = new PresenceTopics(stack);
    }

    @Override
    public PresenceTopics topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        String guild = LongStream.range(0, Long.MAX_VALUE)
                .mapToObj(Long::toString)
                .filter(id -> topics.input().partitionFor(id.getBytes(UTF_8)) == partition)
                .findFirst()
                .orElseThrow();
        String after = PresenceTopics.position(topics.send(guild, create("9", "{\"user\":{\"id\":\"9\"}}")));
        return stack.client().get(PresenceCalls.path(guild, "9"), after).isSuccess();
    }

    @Override
    public List<BadRecord> records() {
        byte[] good = topics.encode(create("1", "{\"guild_id\":\"700\",\"user\":{\"id\":\"1\"}}"));
        Stream<BadRecord> wire = Stream.of(
                BadRecord.of(NO_AVRO, "not_avro", GUILD, "{\"user\":{\"id\":\"1\"}}".getBytes(UTF_8)),
                BadRecord.of(NO_AVRO, "not_avro", GUILD, new byte[0]).named("empty"),
                BadRecord.of(
                        "schema id that the registry does not know",
                        "unknown_schema",
                        GUILD,
                        ByteBuffer.wrap(good.clone()).putInt(1, 1_000_000).array()),
                BadRecord.of(UNDECODABLE, "undecodable", GUILD, Arrays.copyOf(good, 8)),
                BadRecord.of(UNDECODABLE, "undecodable", GUILD, change()).named("another record"),
                BadRecord.of("no key", "key_missing", null, good),
                BadRecord.of(NOT_CANONICAL, "key_not_canonical", "%37%30%30", good),
                BadRecord.of(WRONG_KEY, "wrong_key", "guild", good),
                BadRecord.of(WRONG_KEY, "wrong_key", "700/1", good).named("two parts"),
                BadRecord.of(WRONG_KEY, "wrong_key", "0700", good).named("leading zero"),
                BadRecord.of(WRONG_KEY, "wrong_key", "18446744073709551616", good)
                        .named("2^64"),
                BadRecord.of(
                        "key of another guild than the body's",
                        "wrong_key",
                        GUILD,
                        encode(CreatePresence.newBuilder()
                                .setPresence("{\"guild_id\":\"701\",\"user\":{\"id\":\"1\"}}")
                                .build())),
                BadRecord.of("partition other than the key's", "wrong_partition", GUILD, good)
                        .beside(1),
                BadRecord.of(NO_VALUE, "invalid", GUILD, null));
        Stream<BadRecord> commands = Stream.of(
                bad(USER_ID, "invalid", new RemovePresence("18446744073709551616", null)),
                bad(USER_ID, "invalid", new RemovePresence("-1", null)).named("negative"),
                bad(USER_ID, "invalid", new RemovePresence("one", null)).named("no number"),
                bad(BAD_IN_BULK, "invalid", bulk(null, "{\"user\":{\"id\":\"8\"}}", "{\"user\":{}}")),
                bad(
                        "a chunk out of order",
                        "chunk_missing",
                        bulk(new Chunk("late", 1, true), "{\"user\":{\"id\":\"8\"}}")),
                bad(
                        "a chunk with a negative index",
                        "invalid",
                        bulk(new Chunk("negative", -1, true), "{\"user\":{\"id\":\"8\"}}")),
                bad(DISPATCH, "unknown_dispatch", new GatewayDispatch("TYPING_START", "{}")));
        Stream<BadRecord> texts = TEXTS.stream()
                .map(bad -> BadRecord.of(bad.line(), bad.code(), GUILD, topics.encode(create("1", bad.text()))));
        return Stream.of(wire, commands, texts).flatMap(rows -> rows).toList();
    }

    @Override
    public List<BadRequest> requests() {
        Stream<BadRequest> calls = Stream.of(
                invalid(WRONG_KEY, "/v1/presences/guild/1", "guild").json("{}"),
                invalid(WRONG_KEY, "/v1/presences/0700/1", "guild").json("{}").named("leading zero"),
                invalid(WRONG_KEY, "/v1/presences/18446744073709551616/1", "guild")
                        .json("{}")
                        .named("2^64"),
                BadRequest.of(NOT_CANONICAL, "PUT", "/v1/presences/%ff/1", 400, "invalid_escape", null)
                        .json("{}"),
                BadRequest.of(NO_VALUE, "PUT", CALL, 400, "invalid_json", null).json(""),
                BadRequest.of("bytes that are not UTF-8", "PUT", CALL, 400, "invalid_utf8", null)
                        .body("application/json", new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}),
                invalid(USER_ID, "/v1/presences/700/18446744073709551616", "user")
                        .json("{}"),
                invalid(USER_ID, "/v1/presences/700/-1", "user").json("{}").named("negative"),
                invalid(USER_ID, CALL, "/user/id")
                        .json("{\"user\":{\"id\":\"one\"}}")
                        .named("in the body"),
                BadRequest.of(BAD_IN_BULK, "POST", "/v1/presences/700", 400, "invalid", "/presences/1/user/id")
                        .json("{\"presences\":[{\"user\":{\"id\":\"8\"}},{\"user\":{}}]}"),
                BadRequest.of(NO_ARRAY, "POST", "/v1/presences/700", 400, "invalid", "/presences")
                        .json("{\"presences\":{}}"),
                BadRequest.of(DISPATCH, "POST", "/v1/gateway", 400, "unknown_dispatch", "/t")
                        .json("{\"t\":\"TYPING_START\",\"d\":{}}"),
                BadRequest.of(
                                "parameter that the call does not take",
                                "PUT",
                                CALL + "?nonsense=1",
                                400,
                                "unknown_parameter",
                                "nonsense")
                        .json("{}"),
                BadRequest.of(
                                "media type that the call does not take",
                                "PUT",
                                CALL,
                                415,
                                "unsupported_media_type",
                                null)
                        .body("text/plain", "{}".getBytes(UTF_8)));
        Stream<BadRequest> texts = TEXTS.stream()
                .map(bad -> BadRequest.of(bad.line(), "PUT", CALL, bad.status(), bad.code(), bad.field())
                        .json(bad.text()));
        return Stream.concat(calls, texts).toList();
    }

    private BadRecord bad(String line, String reason, Object command) {
        return BadRecord.of(line, reason, GUILD, encode(command));
    }

    private byte[] encode(Object command) {
        return topics.encode(new PresenceCommand(command));
    }

    private byte[] change() {
        return topics.encodeChange(PresenceChanged.newBuilder()
                .setGuildId(GUILD)
                .setUserId("1")
                .setSource(new SourcePosition(0, 0L))
                .setUnitOffset(0)
                .setUnitIndex(0)
                .setUnitLast(true)
                .build());
    }

    private static PresenceCommand create(String user, String presence) {
        return new PresenceCommand(CreatePresence.newBuilder()
                .setUserId(user)
                .setPresence(presence)
                .build());
    }

    private static BulkCreatePresences bulk(@Nullable Chunk chunk, String... presences) {
        return BulkCreatePresences.newBuilder()
                .setPresences(List.of(presences))
                .setChunk(chunk)
                .build();
    }

    private static BadRequest invalid(String line, String path, String field) {
        return BadRequest.of(line, "PUT", path, 400, "invalid", field);
    }
}
