package io.forebay.it.poison;

import io.forebay.it.stack.ForebayStack;
import io.forebay.it.sync.ChangeTopics;
import io.forebay.it.sync.Models;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.model.ModelNotice;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is wrong with row changes, of a table that the model has and no cache depends on. */
final class SyncPoison implements PoisonTable {
    private static final String TABLE = "grades";
    private static final String KEY = TABLE + "/a/1";
    /** Two columns that fit into a record of the topic each, and not both. */
    private static final String FIRST = "x".repeat(1_200_000);

    private static final String SECOND = "x".repeat(1_000_000);

    private static final String CALL = "/v1/changes";

    private static final String VALUES =
            "record of another number of values than its table's primary key has in the model";
    private static final String OTHER_KEY = "row without its primary key, or with another one than its record key has";
    private static final String ORDER = "key columns in another order than that of the model";
    private static final String OPERATION = "operation on a row that is none";
    private static final String UNKNOWN_TABLE = "table that the model does not have";
    private static final String ROWS = "row of a truncated table, or old row of one that was not updated";
    private static final String NAME =
            "empty id, author, transaction or source of a change, or one above 512 characters";
    private static final String LARGE =
            "row that is larger than a record of the topic may be, with what is known of it";
    private static final String COUNT = "transaction of less than one row, or a number of rows without one";
    private static final String OTHER_PRIMARY_KEY = "model that gives a table with rows another primary key";
    private static final String OTHER_MODEL = "tables: {grades: {pk: [pupil], columns: [school, pupil]}}";
    private static final String REUSED = "id of a change that another one has";
    private static final String UNKNOWN = "member of a change that is not known";
    private static final String MANY = "more changes than `forebay.sync.batch.max.count`";

    private final ForebayStack stack;
    private final ChangeTopics topics;

    /** Tells what some of the rows are about. */
    SyncPoison(ForebayStack stack) {
        this.stack = stack;
        this.topics = new ChangeTopics(stack);
        stack.client()
                .post(CALL, call(change("inserted", "\"id\":\"known\",\"row\":{\"school\":\"a\",\"pupil\":1}")))
                .orFail();
        stack.client()
                .post(
                        CALL,
                        call(change("inserted", "\"row\":{\"school\":\"a\",\"pupil\":0,\"first\":\"" + FIRST + "\"}")))
                .orFail();
        // Each partition knows of its own rows alone.
        for (int partition = 0; partition < topics.input().partitions(); partition++) {
            goesOn(partition);
        }
    }

    /** The model, and a limit that a few changes exceed. */
    static Map<String, String> settings() {
        Map<String, String> settings =
                new HashMap<>(Models.setting("tables: {grades: {pk: [school, pupil], columns: [school, pupil]}}"));
        settings.put("forebay.sync.batch.max.count", "10");
        return settings;
    }

    @Override
    public ChangeTopics topics() {
        return topics;
    }

    @Override
    public boolean goesOn(int partition) {
        int pupil = Stream.iterate(2, i -> i + 1)
                .filter(i ->
                        topics.input().partitionFor(io.forebay.schemas.path.Path.of(TABLE, "a", Integer.toString(i)))
                                == partition)
                .findFirst()
                .orElseThrow();
        String after = ChangeTopics.position(topics.send(
                TABLE + "/a/" + pupil,
                row().setAfter("{\"school\":\"a\",\"pupil\":" + pupil + "}").build()));
        return stack.client().get("/v1/records/" + TABLE + "/a/" + pupil, after).isSuccess();
    }

    @Override
    public List<BadRecord> records() {
        return List.of(
                bad(VALUES, "wrong_key", TABLE + "/a", row().setKeyColumns(List.of())),
                bad(OTHER_KEY, "invalid", KEY, row().setAfter("{\"school\":\"a\",\"pupil\":2}")),
                bad(OTHER_KEY, "invalid", KEY, row().setAfter("{\"school\":\"a\"}"))
                        .named("without"),
                bad(ORDER, "invalid", KEY, row().setKeyColumns(List.of("pupil", "school"))),
                bad(OPERATION, "invalid", KEY, row().setOp(RowOperation.other)),
                bad(NAME, "invalid", KEY, row().setId("")),
                bad(NAME, "invalid", KEY, row().setBy("x".repeat(513))).named("author"),
                bad(NAME, "invalid", KEY, row().setTransaction("")).named("transaction"),
                bad(NAME, "invalid", KEY, row().setSource(new RowSource("", 1L, 0)))
                        .named("source"),
                bad(
                        LARGE,
                        "too_large",
                        TABLE + "/a/0",
                        row().setOp(RowOperation.updated)
                                .setAfter("{\"school\":\"a\",\"pupil\":0,\"second\":\"" + SECOND + "\"}")),
                bad(COUNT, "invalid", KEY, row().setTransaction("t").setTransactionRows(0)),
                bad(COUNT, "invalid", KEY, row().setTransactionRows(1)).named("without one"),
                BadRecord.of(
                        OTHER_PRIMARY_KEY,
                        "primary_key_changed",
                        new String(ReservedKeys.partition(), StandardCharsets.US_ASCII),
                        topics.encode(ModelNotice.change(KnownModel.ofFile(ModelFile.parse(OTHER_MODEL))))),
                bad(
                        REUSED,
                        "change_id_reused",
                        KEY,
                        row().setOp(RowOperation.deleted).setId("known")));
    }

    @Override
    public List<BadRequest> requests() {
        String row = "\"row\":{\"school\":\"a\",\"pupil\":1}";
        return List.of(
                BadRequest.of(VALUES, "GET", "/v1/records/" + TABLE + "/a", 400, "invalid", "key"),
                post(OTHER_KEY, "/changes/0/row", change("inserted", "\"row\":{\"school\":\"a\"}")),
                post(OPERATION, "/changes/0/op", change("merged", row)),
                post(UNKNOWN_TABLE, "/changes/0/table", change("inserted", row).replace(TABLE, "strangers")),
                post(ROWS, "/changes/0/row", change("truncated", row)),
                post(ROWS, "/changes/0/before", change("inserted", row + ",\"before\":{}"))
                        .named("old row"),
                post(NAME, "/changes/0/id", change("inserted", row + ",\"id\":\"\"")),
                post(NAME, "/changes/0/by", change("inserted", row + ",\"by\":7"))
                        .named("author"),
                BadRequest.of(NAME, "POST", CALL, 400, "invalid", "/transaction")
                        .json("{\"changes\":[" + change("inserted", row) + "],\"transaction\":\"\"}")
                        .named("transaction"),
                BadRequest.of(REUSED, "POST", CALL, 422, "change_id_reused", "/changes/0/id")
                        .json(call(change("deleted", row + ",\"id\":\"known\""))),
                post(UNKNOWN, "/changes/0/colour", change("inserted", row + ",\"colour\":1")),
                BadRequest.of(LARGE, "POST", CALL, 413, "too_large", "/changes/0/row")
                        .json(call(change(
                                "updated", "\"row\":{\"school\":\"a\",\"pupil\":0,\"second\":\"" + SECOND + "\"}"))),
                BadRequest.of(MANY, "POST", CALL, 413, "too_large", "/changes")
                        .json(call(
                                Collections.nCopies(11, change("inserted", row)).toArray(String[]::new))));
    }

    private static BadRequest post(String line, String field, String change) {
        return BadRequest.of(line, "POST", CALL, 400, "invalid", field).json(call(change));
    }

    private static String change(String op, String members) {
        return "{\"op\":\"" + op + "\",\"table\":\"" + TABLE + "\"," + members + "}";
    }

    private static String call(String... changes) {
        return "{\"changes\":[" + String.join(",", changes) + "]}";
    }

    private BadRecord bad(String line, String reason, String key, RowChange.Builder change) {
        return BadRecord.of(line, reason, key, topics.encode(change.build()));
    }

    private static RowChange.Builder row() {
        return RowChange.newBuilder()
                .setOp(RowOperation.inserted)
                .setTable(TABLE)
                .setKeyColumns(List.of("school", "pupil"))
                .setAfter("{\"school\":\"a\",\"pupil\":1}");
    }
}
