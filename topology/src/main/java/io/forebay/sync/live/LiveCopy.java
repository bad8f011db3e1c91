package io.forebay.sync.live;

import io.forebay.records.model.Model;
import io.forebay.records.sync.Declared;
import io.forebay.records.sync.LoadLimitException;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value, by nothing but what a subscriber is told who follows it: the rows that he was told and was not told to forget are those that it is
 * loaded from. So it is what a fresh load shows, as far as he may see it, whenever all that he follows has been told.
 *
 * <p>Not safe for use by several threads.
 */
public final class LiveCopy {

    private final Declared declared;
    private final int maxRows;
    private final MemoryRows rows;
    private final Map<RecordId, Origin> origins = new HashMap<>();
    private boolean whole;

    /** The change that made a row what it is. */
    private record Origin(int partition, long ref, @Nullable LogPlace place) {}

    /**
     * A copy of which nothing is known yet.
     *
     * @param declared what it is a copy of
     * @param maxRows how many rows it may take, each counted as often as it is come by
     */
    public LiveCopy(Model model, Declared declared, int maxRows) {
        this.declared = declared;
        this.maxRows = maxRows;
        this.rows = new MemoryRows(model);
    }

    /**
     * Takes a message, in the form in which subscribers get it.
     *
     * @throws LoadLimitException when these are more rows than it may take
     */
    public void take(JsonObject message) {
        String op = text(message, "op");
        whole = op.equals("caught_up") || !message.has("outstanding");
        if (op.equals("truncated")) {
            truncate(text(message, "table"), origin(message));
        } else if (!op.equals("caught_up")) {
            take(recordOf(message), message);
        }
    }

    private void take(RecordId record, JsonObject message) {
        JsonValue row = Objects.requireNonNull(message.member("row"), "row");
        boolean isFollowed =
                Objects.requireNonNull(message.member("followed"), "followed").asBoolean();
        if (row.isNull() || !isFollowed) {
            rows.remove(record);
            origins.remove(record);
            return;
        }
        rows.put(new Row(record, row.asObject()));
        origins.put(record, origin(message));
        if (rows.size() > maxRows) {
            throw new LoadLimitException(maxRows);
        }
    }

    private void truncate(String table, Origin by) {
        Truncation truncation = new Truncation(by.ref(), by.place(), Long.MAX_VALUE, false);
        for (Row row : List.copyOf(rows.all(table))) {
            Origin of = Objects.requireNonNull(origins.get(row.id()), "each row comes from somewhere");
            if (of.partition() == by.partition() && truncation.took(of.ref(), of.place())) {
                rows.remove(row.id());
                origins.remove(row.id());
            }
        }
    }

    private static RecordId recordOf(JsonObject message) {
        List<String> key = Objects.requireNonNull(message.member("key"), "key").elements().stream()
                .map(JsonValue::asText)
                .toList();
        return new RecordId(text(message, "table"), key);
    }

    private static Origin origin(JsonObject message) {
        JsonValue source = message.member("source");
        LogPlace place = source == null ? null : place(source.asObject());
        return new Origin((int) number(message, "partition"), Long.parseLong(text(message, "ref")), place);
    }

    private static LogPlace place(JsonObject source) {
        return new LogPlace(
                text(source, "name"), Long.parseLong(text(source, "position")), (int) number(source, "index"));
    }

    private static String text(JsonObject of, String name) {
        return Objects.requireNonNull(of.member(name), name).asText();
    }

    private static long number(JsonObject of, String name) {
        return Long.parseLong(Objects.requireNonNull(of.member(name), name).raw());
    }

    /** Whether all that it is made of has been told; before that it would be less than there is. */
    public boolean isWhole() {
        return whole;
    }

    /**
     * The value as it is now.
     *
     * @throws LoadLimitException when it takes too many rows
     */
    public Value value() {
        return rows.load(declared, maxRows);
    }
}
