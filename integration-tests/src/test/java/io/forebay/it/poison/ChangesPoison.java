package io.forebay.it.poison;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cache.CacheCalls;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is wrong with row changes, of a table that a cache depends on. */
final class ChangesPoison implements PoisonTable {
    private static final String TABLE = "public.posts";
    private static final String CACHE = "posts";
    static final Map<String, String> DEPENDENCY = Map.of("forebay.cache.tables." + CACHE, TABLE);

    private static final String KEY = TABLE + "/1";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String WRONG_KEY =
            "row change whose key is not that of its table, or has no primary key, or one too many"
                    + " where the table was truncated";
    private static final String COLUMNS =
            "row change of another number of key columns than its key has, or without `after` where there is a row";
    private static final String ROW = "row that is no JSON object, or breaks a limit above";

    private final CacheCalls cache;
    private final Topics topics;

    ChangesPoison(ForebayStack stack) {
        this.cache = new CacheCalls(stack.client(), CACHE);
        this.topics = new Topics(stack);
    }

    private static final class Topics extends CapabilityTopics<RowChange, KeyChanged> {
        Topics(ForebayStack stack) {
            super(stack, stack.topics().changes(), stack.topics().keysSync(), KeyChanged.class);
        }
    }

    @Override
    public CapabilityTopics<?, ?> topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        String entry = "on-" + partition + "-" + System.nanoTime();
        cache.fill(entry, CacheCalls.lease(cache.ask(entry, "\"infinity\"", 0)), "1")
                .orFail();
        String key = Stream.iterate(2, i -> i + 1)
                .map(i -> TABLE + "/" + i)
                .filter(path -> topics.input().partitionFor(path.getBytes(UTF_8)) == partition)
                .findFirst()
                .orElseThrow();
        CapabilityTopics.get(topics.send(key, row().build()));
        await("the entry to be invalidated")
                .atMost(SOON)
                .until(() -> cache.ask(entry, "\"infinity\"", 0).code().equals("not_cached"));
        return true;
    }

    @Override
    public List<BadRecord> records() {
        return List.of(
                bad(WRONG_KEY, "wrong_key", KEY, row().setTable("public.tags")),
                bad(WRONG_KEY, "wrong_key", TABLE, row()).named("no primary key"),
                bad(WRONG_KEY, "wrong_key", KEY, row().setOp(RowOperation.truncated))
                        .named("truncated"),
                bad(COLUMNS, "invalid", KEY + "/2", row()),
                bad(COLUMNS, "invalid", KEY, row().setAfter(null)).named("without after"),
                bad(ROW, "not_an_object", KEY, row().setAfter("[1]")),
                bad(ROW, "invalid_json", KEY, row().setBefore("{\"id\":}")).named("no JSON"));
    }

    @Override
    public List<BadRequest> requests() {
        return List.of();
    }

    private BadRecord bad(String line, String reason, String key, RowChange.Builder change) {
        return BadRecord.of(line, reason, key, topics.encode(change.build()));
    }

    private static RowChange.Builder row() {
        return RowChange.newBuilder()
                .setOp(RowOperation.inserted)
                .setTable(TABLE)
                .setKeyColumns(List.of("id"))
                .setAfter("{\"id\":1}");
    }
}
