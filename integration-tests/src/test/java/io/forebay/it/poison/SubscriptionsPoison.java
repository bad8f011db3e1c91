package io.forebay.it.poison;

import io.forebay.it.stack.ForebayStack;
import io.forebay.it.sync.SubscriptionTopics;
import io.forebay.it.topic.CapabilityTopics;
import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.path.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is wrong with what subscribers want, of the table that {@link SyncPoison} has in its model. */
final class SubscriptionsPoison implements PoisonTable {
    private static final String TABLE = "grades";
    private static final String KEY = "anna/watcher/" + TABLE + "/inserted";
    private static final String CALL = "/v1/subscriptions/anna:add";
    private static final String MILLENNIUM_MS = "31556952000000";

    private static final String WRONG_KEY =
            "key of `subscriptions` that is none of the forms above, or not that of the rows in the value";
    private static final String NOTHING_LIKE_IT =
            "subscription or definition of tables, columns, associations that there are not";
    private static final String NO_WATCHER = "subscription to a watcher that there is not";
    private static final String ONE_NAME = "two watchers of one name";
    private static final String RULE = "rule of a subscription that is none";
    private static final String LEASE = "lease of less than a second, or more than 366 days";
    private static final String MANY = "more identifiers of one call than `forebay.sync.batch.max.count`";

    private static final String TWICE =
            "[{\"table\":\"grades\",\"event\":\"inserted\"}," + "{\"table\":\"grades\",\"event\":\"inserted\"}]";

    private final ForebayStack stack;
    private final SubscriptionTopics topics;

    SubscriptionsPoison(ForebayStack stack) {
        this.stack = stack;
        this.topics = new SubscriptionTopics(stack);
    }

    @Override
    public SubscriptionTopics topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        String subscriber = Stream.iterate(0, i -> i + 1)
                .map(i -> "s" + i)
                .filter(name -> topics.input().partitionFor(Path.of(name, "watcher", TABLE, "inserted")) == partition)
                .findFirst()
                .orElseThrow();
        String after = CapabilityTopics.position(
                topics.send(subscriber + "/watcher/" + TABLE + "/inserted", new SubscriptionCommand(wanted().build())));
        return stack.client()
                .get("/v1/subscriptions/" + subscriber, after)
                .text()
                .contains(TABLE);
    }

    @Override
    public List<BadRecord> records() {
        return List.of(
                bad(WRONG_KEY, "wrong_key", "anna/" + TABLE, wanted().build()),
                bad(WRONG_KEY, "wrong_key", "anna/watcher/" + TABLE + "/deleted", wanted().build())
                        .named("of other rows"),
                bad(
                        NOTHING_LIKE_IT,
                        "invalid",
                        KEY,
                        wanted().setAssocs("{\"pupils\":{}}").build()),
                bad(
                        NO_WATCHER,
                        "not_found",
                        "anna/label/graded",
                        wanted(label()).build()),
                bad(ONE_NAME, "conflict", "/watchers", new DefineWatchers(TWICE, 0L)),
                bad(RULE, "invalid", KEY, wanted().setRule("row.").build()),
                bad(LEASE, "invalid", KEY, wanted().setLeaseMs(0L).build()));
    }

    @Override
    public List<BadRequest> requests() {
        String table = "\"table\":\"" + TABLE + "\"";
        return List.of(
                add(NOTHING_LIKE_IT, "/table", "\"table\":\"strangers\""),
                BadRequest.of(NO_WATCHER, "POST", CALL, 404, "not_found", "/label")
                        .json("{\"label\":\"graded\"}"),
                BadRequest.of(ONE_NAME, "PUT", "/v1/watchers", 409, "conflict", "/watchers/1")
                        .json("{\"watchers\":" + TWICE + "}"),
                add(RULE, "/authorize", table + ",\"authorize\":\"row.\""),
                add(LEASE, "/lease_ms", table + ",\"lease_ms\":" + MILLENNIUM_MS),
                BadRequest.of(MANY, "POST", CALL, 413, "too_large", null).json(many()));
    }

    private static String many() {
        return IntStream.range(0, 11)
                .mapToObj(pupil -> "{\"table\":\"grades\",\"row\":{\"school\":\"a\",\"pupil\":" + pupil + "}}")
                .collect(Collectors.joining(",", "{\"target\":[", "]}"));
    }

    private static BadRequest add(String line, String field, String members) {
        return BadRequest.of(line, "POST", CALL, 400, "invalid", field).json("{" + members + "}");
    }

    private BadRecord bad(String line, String reason, String key, Object command) {
        return BadRecord.of(line, reason, key, topics.encode(new SubscriptionCommand(command)));
    }

    private static Subscribe.Builder wanted() {
        return wanted(WatchedRows.newBuilder());
    }

    private static WatchedRows.Builder label() {
        return WatchedRows.newBuilder().setLabel("graded");
    }

    private static Subscribe.Builder wanted(WatchedRows.Builder rows) {
        return Subscribe.newBuilder()
                .setRows(rows.setTable(TABLE)
                        .setEvent(RowOperation.inserted)
                        .setScope(WatchedScope.every)
                        .build());
    }
}
