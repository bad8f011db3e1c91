package io.forebay.records.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.schemas.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuePatchTest {

    private static Value.Loaded post(int id, String columns) {
        return Value.Loaded.bare(row(id, columns));
    }

    private static Row row(int id, String columns) {
        return new Row(new RecordId("posts", List.of(Integer.toString(id))), JsonObject.parse(columns));
    }

    private static Value posts(int... ids) {
        return new Value.Items(Arrays.stream(ids).mapToObj(id -> post(id, "{}")).toList());
    }

    @Test
    void whatIsTheSameNeedsNothing() {
        assertThat(ValuePatch.between(posts(1, 2), posts(1, 2))).isEqualTo("[]");
    }

    @Test
    void aRowIsChangedByItsColumns() {
        String patch = ValuePatch.between(
                post(1, "{\"id\":1,\"a\":1.0,\"gone\":null,\"m~/n\":1}"),
                post(1, "{\"id\":1,\"a\":1.00,\"m~/n\":2,\"new\":[]}"));

        assertThat(patch)
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/row/a\",\"value\":1.00},"
                        + "{\"op\":\"replace\",\"path\":\"/row/m~0~1n\",\"value\":2},"
                        + "{\"op\":\"add\",\"path\":\"/row/new\",\"value\":[]},"
                        + "{\"op\":\"remove\",\"path\":\"/row/gone\"}]");
    }

    @Test
    void aRecordThatIsThereNowReplacesNothing() {
        assertThat(ValuePatch.between(Value.NOTHING, post(1, "{\"id\":1}")))
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"table\":\"posts\",\"row\":{\"id\":1}}}]");
    }

    @Test
    void recordsEnterAndLeaveListsWhereTheyAre() {
        assertThat(ValuePatch.between(posts(1, 2, 4), posts(2, 3, 4)))
                .isEqualTo("[{\"op\":\"remove\",\"path\":\"/0\"},"
                        + "{\"op\":\"add\",\"path\":\"/1\",\"value\":{\"table\":\"posts\",\"row\":{}}}]");
    }

    @Test
    void aRecordMovesOnceWhicheverWay() {
        assertThat(ValuePatch.between(posts(1, 2, 3, 4), posts(4, 1, 2, 3)))
                .isEqualTo("[{\"op\":\"move\",\"path\":\"/0\",\"from\":\"/3\"}]");
        assertThat(ValuePatch.between(posts(1, 2, 3, 4), posts(2, 3, 4, 1)))
                .isEqualTo("[{\"op\":\"move\",\"path\":\"/3\",\"from\":\"/0\"}]");
    }

    @Test
    void whatIsBelowARecordIsPatchedThere() {
        Value before = new Value.Loaded(row(1, "{}"), Map.of("a/b", posts(2), "one", Value.NOTHING));
        Value after = new Value.Loaded(row(1, "{}"), Map.of("a/b", Value.Items.NONE, "one", Value.NOTHING));

        assertThat(ValuePatch.between(before, after)).isEqualTo("[{\"op\":\"remove\",\"path\":\"/assocs/a~1b/0\"}]");
    }

    @Test
    void aListThatHasARecordTwiceIsReplaced() {
        assertThat(ValuePatch.between(posts(1, 1), posts(1))).startsWith("[{\"op\":\"replace\",\"path\":\"\"");
    }
}
