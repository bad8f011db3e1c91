package io.forebay.sync.change;

import io.forebay.change.CheckedChange;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Table;
import io.forebay.records.value.KeyText;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import org.jspecify.annotations.Nullable;

/** What a row change has to be like in the eyes of the model, beside what holds for every row change. */
public final class RowRules {

    /** The longest id of a change, and the longest name of who made it, in characters. */
    public static final int LONGEST_NAME = 512;

    /** Room for what a record has beside key and value. */
    private static final int RECORD_BYTES = 1024;

    private RowRules() {}

    /** Checks the members that are names. */
    public static void checkNames(RowChange change) throws RefusedException {
        if (change.getOp() == RowOperation.other || change.getOp() == RowOperation.declared) {
            throw RefusedException.invalid("/op", "snapshot, inserted, updated, deleted or truncated");
        }
        checkName(change.getId(), "/id");
        checkName(change.getBy(), "/by");
        checkName(change.getTransaction(), "/transaction");
        RowSource source = change.getSource();
        checkName(source == null ? null : source.getName(), "/source/name");
        Integer rows = change.getTransactionRows();
        if (rows != null && (rows < 1 || change.getTransaction() == null)) {
            throw RefusedException.invalid("/transaction_rows", "at least 1, beside a transaction");
        }
    }

    private static void checkName(@Nullable String name, String field) throws RefusedException {
        if (name != null && (name.isEmpty() || name.length() > LONGEST_NAME)) {
            throw RefusedException.invalid(field, "1 to " + LONGEST_NAME + " characters");
        }
    }

    /** Checks that a row, completed by what is known of it, and its key fit into a record of the topic of row changes. */
    static void checkSize(Path key, @Nullable JsonObject row, TopicSpec changes) throws RefusedException {
        checkSize(key.toBytes().length + (row == null ? 0 : row.length()), changes);
    }

    /** Checks that something fits into a record of a topic. */
    static void checkSize(int bytes, TopicSpec topic) throws RefusedException {
        int most = topic.maxMessageBytes() - RECORD_BYTES;
        if (bytes > most) {
            throw new RefusedException(
                    413,
                    "too_large",
                    "/after",
                    "with what is known of the row and what it is found by, at most " + most + " bytes of "
                            + topic.name());
        }
    }

    /** Checks the key, and that the row has it. */
    static void checkRow(CheckedChange checked, Table table) throws RefusedException {
        Path key = checked.key();
        if (key.size() - 1 != table.primaryKey().size()) {
            throw new RefusedException(
                    400, "wrong_key", "key", "as many values as the primary key has columns in the model");
        }
        if (!checked.change().getKeyColumns().isEmpty()
                && !checked.change().getKeyColumns().equals(table.primaryKey())) {
            throw RefusedException.invalid("/key_columns", "the primary key in the order of the model");
        }
        JsonObject after = checked.after();
        RowOperation op = checked.change().getOp();
        if (op == RowOperation.deleted) {
            return;
        }
        if (after == null) {
            throw RefusedException.invalid("/after", "the row, where there is one after the change");
        }
        for (int i = 0; i < table.primaryKey().size(); i++) {
            String column = table.primaryKey().get(i);
            JsonValue value = after.member(column);
            if (value == null || !key.part(i + 1).equals(KeyText.of(value))) {
                throw RefusedException.invalid(
                        "/after/" + column.replace("~", "~0").replace("/", "~1"), "the value in the record key");
            }
        }
    }
}
