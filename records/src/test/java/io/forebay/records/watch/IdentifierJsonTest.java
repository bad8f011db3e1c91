package io.forebay.records.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.records.value.Shape;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierJsonTest {

    private static JsonValue json(String text) {
        return Objects.requireNonNull(
                JsonObject.parse("{\"a\":" + text.replace('\'', '"') + "}").member("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'watcher':['posts','updated'],'id':null}",
                "{'watcher':['posts','updated'],'id':7}",
                "{'watcher':['posts','updated'],'id':'7'}",
                "{'watcher':['grades','deleted'],'id':{'pk':['a/b',7]}}",
                "{'watcher':['posts','inserted'],'id':['user_id',42]}",
                "{'watcher':'renamed','id':[['school','pupil'],['a',7]]}",
            })
    void what_is_written_is_read_again(String text) {
        JsonObject given = json(text).asObject();
        Identifier identifier = new Identifier(
                IdentifierJson.watcher(Objects.requireNonNull(given.member("watcher")), ""),
                IdentifierJson.id(Objects.requireNonNull(given.member("id")), ""));

        assertThat(IdentifierJson.write(identifier, Shape.BARE)).isEqualTo(given);
    }

    @Test
    void what_is_followed_below_is_written_where_there_is_something() {
        Identifier every = new Identifier(new WatcherName.OfTable("users", RowEvent.INSERTED), Scope.EVERY_ROW);
        Shape shape = new Shape(Map.of("posts", new Shape(Map.of("tags", Shape.BARE))));

        assertThat(IdentifierJson.write(every, shape).text())
                .isEqualTo("{\"watcher\":[\"users\",\"inserted\"],\"id\":null,\"assocs\":{\"posts\":{\"tags\":{}}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'column':'user_id','value':42} | ['user_id',42]",
                "{'column':['a','b'],'value':[1,2]} | [['a','b'],[1,2]]",
                "{'pk':7} | 7",
            })
    void there_is_more_than_one_way_to_say_it(String one, String other) {
        assertThat(IdentifierJson.id(json(one), "")).isEqualTo(IdentifierJson.id(json(other), ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[7,8]", "['a','b','c']", "{}", "{'pk':7,'column':'a'}", "{'column':7,'value':7}"})
    void what_is_no_id_is_refused(String text) {
        assertThatExceptionOfType(WatchException.class)
                .isThrownBy(() -> IdentifierJson.id(json(text), "/id"))
                .withMessageStartingWith("/id: must be null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "['posts']", "['posts','merged']", "7"})
    void what_is_no_watcher_is_refused(String text) {
        assertThatExceptionOfType(WatchException.class)
                .isThrownBy(() -> IdentifierJson.watcher(json(text), "/watcher"))
                .withMessageStartingWith("/watcher: must be a label");
    }
}
