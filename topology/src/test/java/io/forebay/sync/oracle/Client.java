package io.forebay.sync.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.sync.Declared;
import io.forebay.records.sync.MemoryRows;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.ToldOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that knows nothing but what it is told. It keeps the rows that it was told and has not been told to forget, and
 * holds what every subscriber may count on: a change comes once, and those of a record in order.
 */
final class Client {

    /** Where a row that is known came from. */
    private record Source(int partition, long ref, @Nullable LogPlace place) {}

    private final MemoryRows rows;
    private final Map<RecordId, Source> known = new LinkedHashMap<>();
    private final Map<RecordId, Long> last = new HashMap<>();
    private final Map<RecordId, Long> changes = new HashMap<>();
    private final Map<String, List<Long>> transactions = new HashMap<>();
    private final List<Declared.One> wanted = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final List<Row> rowsHeard = new ArrayList<>();

    Client(Model model) {
        this.rows = new MemoryRows(model);
    }

    /** What it subscribed to. */
    List<Declared.One> wanted() {
        return wanted;
    }

    MemoryRows rows() {
        return rows;
    }

    /** Takes a message. */
    void take(RecordTold told) {
        heard.add(told.getOp() + " " + told.getRecord() + "@" + told.getRef()
                + (told.getFollowed() ? "" : " not followed") + " " + told.getRow());
        if (told.getOp() == ToldOperation.caught_up) {
            return;
        }
        String transaction = told.getTransaction();
        if (told.getOp() != ToldOperation.snapshot && transaction != null) {
            List<Long> units = transactions.computeIfAbsent(transaction, first -> new ArrayList<>());
            if (!units.contains(told.getUnitOffset())) {
                units.add(told.getUnitOffset());
            }
        }
        if (told.getOp() == ToldOperation.truncated) {
            Truncation truncation =
                    new Truncation(told.getRef(), LogPlace.of(told.getRowSource()), Long.MAX_VALUE, false);
            List<RecordId> gone = known.entrySet().stream()
                    .filter(entry -> entry.getKey().table().equals(told.getRecord())
                            && entry.getValue().partition() == told.getSource().getPartition()
                            && truncation.took(
                                    entry.getValue().ref(), entry.getValue().place()))
                    .map(Map.Entry::getKey)
                    .toList();
            gone.forEach(this::forget);
            return;
        }
        RecordId record = RecordId.of(Path.parse(told.getRecord()));
        if (told.getOp() == ToldOperation.released) {
            forget(record);
            return;
        }
        Long before = last.put(record, told.getRef());
        assertThat(before == null || told.getRef() >= before)
                .as("%s is told of %d after %d; %s", record, told.getRef(), before, heard)
                .isTrue();
        if (told.getOp() != ToldOperation.snapshot) {
            Long change = changes.put(record, told.getRef());
            assertThat(change == null || told.getRef() > change)
                    .as("%s is told of change %d after %d; %s", record, told.getRef(), change, heard)
                    .isTrue();
        }
        String row = told.getRow();
        for (String shown :
                Stream.of(row, told.getOldRow()).filter(Objects::nonNull).toList()) {
            rowsHeard.add(new Row(record, JsonObject.parse(shown)));
        }
        if (row == null || !told.getFollowed()) {
            forget(record);
        } else {
            rows.put(new Row(record, JsonObject.parse(row)));
            known.put(
                    record,
                    new Source(told.getSource().getPartition(), told.getRef(), LogPlace.of(told.getRowSource())));
        }
    }

    private void forget(RecordId record) {
        rows.remove(record);
        known.remove(record);
        // It may come again by a place that is not as far as the one by which it was known.
        last.remove(record);
        changes.remove(record);
    }

    /** In how many parts each transaction came. */
    Map<String, List<Long>> transactions() {
        return transactions;
    }

    /** Rows that it was shown, as they are and as they were. */
    List<Row> rowsHeard() {
        return rowsHeard;
    }

    /** What it was told, in order. */
    List<String> heard() {
        return heard;
    }
}
