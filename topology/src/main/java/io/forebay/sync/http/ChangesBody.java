package io.forebay.sync.http;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.change.RowRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Row changes as JSON: {@code changes}, and the {@code transaction} that they make. Everything that is wrong with them is told at
 * once.
 */
final class ChangesBody {

    private static final Set<String> DOCUMENT = Set.of("changes", "transaction");
    private static final Set<String> CHANGE = Set.of("id", "op", "table", "row", "before", "by");

    private static final Map<String, RowOperation> OPERATIONS = Map.of(
            "snapshot", RowOperation.snapshot,
            "inserted", RowOperation.inserted,
            "updated", RowOperation.updated,
            "deleted", RowOperation.deleted,
            "truncated", RowOperation.truncated);

    private final Model model;
    private final String requestId;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private ChangesBody(Model model, String requestId) {
        this.model = model;
        this.requestId = requestId;
    }

    /**
     * Reads and checks changes.
     *
     * @param requestId from which changes get their ids where the body gives none
     * @throws RefusedException with everything that is wrong
     */
    static List<GivenChange> parse(byte[] body, SyncHttpConfig config, Model model, String requestId)
            throws RefusedException {
        JsonObject document;
        try {
            document = JsonObject.parse(body, new JsonLimits(config.bodyBytes(), JsonLimits.GREATEST_MAX_DEPTH));
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e);
        }
        return new ChangesBody(model, requestId).read(document, config.batchMaxCount());
    }

    private List<GivenChange> read(JsonObject document, int maxCount) throws RefusedException {
        checkNames(document, DOCUMENT, "");
        String transaction = name(document, "transaction", "");
        JsonValue changes = document.member("changes");
        if (changes == null || !changes.isArray() || changes.elements().isEmpty()) {
            violations.add(new Violation("/changes", "an array of at least one change"));
            throw RefusedException.invalid(violations);
        }
        List<JsonValue> elements = changes.elements();
        if (elements.size() > maxCount) {
            throw new RefusedException(413, "too_large", "/changes", "at most " + maxCount + " changes");
        }
        List<GivenChange> given = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            RowChange.Builder builder = RowChange.newBuilder();
            if (transaction != null) {
                builder.setTransaction(transaction).setTransactionRows(elements.size());
            }
            GivenChange change = change(elements.get(i), i, builder);
            if (change != null) {
                given.add(change);
            }
        }
        if (!violations.isEmpty()) {
            throw RefusedException.invalid(violations);
        }
        return given;
    }

    /** A change; null when something is wrong with it, which is then told. */
    private @Nullable GivenChange change(JsonValue value, int index, RowChange.Builder builder) {
        String pointer = "/changes/" + index;
        if (!value.isObject()) {
            violations.add(new Violation(pointer, "an object"));
            return null;
        }
        int before = violations.size();
        JsonObject change = value.asObject();
        checkNames(change, CHANGE, pointer);
        RowOperation op = op(change, pointer);
        Table table = table(change, pointer);
        String id = id(change, index, op, pointer);
        builder.setId(id).setBy(name(change, "by", pointer));
        JsonObject row = row(change, "row", pointer);
        JsonObject old = row(change, "before", pointer);
        checkRows(change, op, pointer);
        if (op == null || table == null || violations.size() > before) {
            return null;
        }
        builder.setOp(op).setTable(table.name()).setKeyColumns(table.primaryKey());
        return op == RowOperation.truncated || row == null
                ? new GivenChange(null, builder.setKeyColumns(List.of()).build(), null)
                : ofRow(table, op, row, old, builder, pointer);
    }

    private @Nullable GivenChange ofRow(
            Table table,
            RowOperation op,
            JsonObject row,
            @Nullable JsonObject old,
            RowChange.Builder builder,
            String pointer) {
        RecordId record = RecordId.of(table, row);
        if (record == null) {
            violations.add(new Violation(
                    pointer + "/row", "the primary key's columns at least: " + String.join(", ", table.primaryKey())));
            return null;
        }
        if (op == RowOperation.deleted) {
            builder.setBefore(row.text());
        } else {
            builder.setAfter(row.text()).setBefore(old == null ? null : old.text());
        }
        RecordId former = old == null ? null : RecordId.of(table, old);
        return new GivenChange(
                record.path(), builder.build(), former == null || former.equals(record) ? null : former.path());
    }

    private void checkRows(JsonObject change, @Nullable RowOperation op, String pointer) {
        boolean whole = op == RowOperation.truncated;
        if (whole && change.has("row")) {
            violations.add(new Violation(pointer + "/row", "absent where a table was truncated"));
        } else if (!whole && !change.has("row")) {
            violations.add(
                    new Violation(pointer + "/row", "the row, or the columns of its primary key where it was deleted"));
        }
        if (change.has("before") && op != null && op != RowOperation.updated) {
            violations.add(new Violation(pointer + "/before", "absent but where a row was updated"));
        }
    }

    private @Nullable RowOperation op(JsonObject change, String pointer) {
        JsonValue value = change.member("op");
        RowOperation op = value == null || !value.isString() ? null : OPERATIONS.get(value.asText());
        if (op == null) {
            violations.add(new Violation(pointer + "/op", "snapshot, inserted, updated, deleted or truncated"));
        }
        return op;
    }

    private @Nullable Table table(JsonObject change, String pointer) {
        JsonValue value = change.member("table");
        Table table = value == null || !value.isString() ? null : model.table(value.asText());
        if (table == null) {
            violations.add(new Violation(pointer + "/table", "the name of a table of the model"));
        }
        return table;
    }

    /** Snapshots get none, since nobody is told of them, nor do changes of a request whose id is very long. */
    private @Nullable String id(JsonObject change, int index, @Nullable RowOperation op, String pointer) {
        String id = name(change, "id", pointer);
        if (id == null) {
            boolean told = op != RowOperation.snapshot && op != RowOperation.truncated;
            String made = requestId + "." + index;
            return told && made.length() <= RowRules.LONGEST_NAME ? made : null;
        }
        if (!ids.add(id)) {
            violations.add(new Violation(pointer + "/id", "an id that no other change has"));
        }
        return id;
    }

    private @Nullable String name(JsonObject object, String member, String pointer) {
        JsonValue value = object.member(member);
        if (value == null || value.isNull()) {
            return null;
        }
        String name = value.isString() ? value.asText() : "";
        if (name.isEmpty() || name.length() > RowRules.LONGEST_NAME) {
            violations.add(
                    new Violation(pointer + "/" + member, "a text of 1 to " + RowRules.LONGEST_NAME + " characters"));
        }
        return name;
    }

    private @Nullable JsonObject row(JsonObject change, String member, String pointer) {
        JsonValue value = change.member(member);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            violations.add(new Violation(pointer + "/" + member, "an object with a member for each column"));
            return null;
        }
        return value.asObject();
    }

    private void checkNames(JsonObject object, Set<String> known, String pointer) {
        for (JsonObject.Member member : object.members()) {
            if (!known.contains(member.name())) {
                violations.add(new Violation(
                        pointer + "/" + member.name().replace("~", "~0").replace("/", "~1"),
                        "one of " + String.join(", ", known.stream().sorted().toList())));
            }
        }
    }
}
