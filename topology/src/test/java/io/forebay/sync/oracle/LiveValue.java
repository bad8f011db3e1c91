package io.forebay.sync.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.sync.Declared;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.schemas.avro.FollowRows;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.sync.http.RecordToldCodec;
import io.forebay.sync.live.LiveCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A stream of a value, by the messages that it is told. */
final class LiveValue {

    private static final int MAX_ROWS = 100_000;

    private final Declared declared;
    private final LiveCopy copy;
    private final List<String> heard = new ArrayList<>();
    private final List<Row> rowsHeard = new ArrayList<>();

    LiveValue(Model model, Declared declared) {
        this.declared = declared;
        this.copy = new LiveCopy(model, declared, MAX_ROWS);
    }

    Declared declared() {
        return declared;
    }

    /** What has it be told. */
    FollowRows.Builder follow() {
        FollowRows.Builder follow = FollowRows.newBuilder()
                .setAssocs(declared.shape().toJson().text())
                .setLeaseMs(366L * 86_400_000);
        if (declared instanceof Declared.One one) {
            return follow.setTable(one.record().table())
                    .setScope(WatchedScope.record)
                    .setValues(one.record().key().stream()
                            .map(value -> JsonValue.ofText(value).raw())
                            .toList());
        }
        Declared.Many many = (Declared.Many) declared;
        return follow.setTable(many.table())
                .setScope(WatchedScope.every)
                .setWhere(many.where().toJson().text());
    }

    /** Rows that it was shown, as they are and as they were. */
    List<Row> rowsHeard() {
        return rowsHeard;
    }

    void take(RecordTold told) {
        Stream.of(told.getRow(), told.getOldRow())
                .filter(Objects::nonNull)
                .forEach(row ->
                        rowsHeard.add(new Row(RecordId.of(Path.parse(told.getRecord())), JsonObject.parse(row))));
        String message = RecordToldCodec.message(told);
        heard.add(message);
        copy.take(JsonObject.parse(message));
    }

    void check(Value expected) {
        assertThat(copy.isWhole()).as("whether all is told; %s", heard).isTrue();
        assertThat(copy.value()).as("%s, heard %s", declared, heard).isEqualTo(expected);
    }
}
