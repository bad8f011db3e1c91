package io.forebay.records.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.value.Value.Loaded;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueJsonTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              posts:
                columns: [id, parent_id]
                assocs:
                  parent: {kind: belongs_to, table: posts, fk: parent_id}
                  answers: {kind: has_many, table: posts, fk: parent_id}
              tags: {columns: [id]}
            """);
    private static final ValueJson JSON = new ValueJson(MODEL);

    private static JsonValue json(String text) {
        JsonLimits limits = new JsonLimits(1 << 20, JsonLimits.GREATEST_MAX_DEPTH);
        return Objects.requireNonNull(
                JsonObject.parse("{\"it\":" + text + "}", limits).member("it"));
    }

    private static Value read(String text) {
        return JSON.read(json(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "7.50",
                "{\"any\":[1]}",
                "{\"table\":\"posts\",\"row\":{\"id\":1,\"more\":{\"x\":1.0}}}",
                "{\"table\":\"posts\",\"row\":{\"id\":1},\"assocs\":{\"parent\":null,\"answers\":[]}}",
                "[[{\"table\":\"posts\",\"row\":{\"id\":1},\"assocs\":{\"answers\":[{\"table\":\"posts\",\"row\":{\"id\":2}}]}},null,\"x\"]]"
            })
    void comesBackToTheLetter(String text) {
        assertThat(ValueJson.write(read(text)).raw()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"table\":\"nowhere\",\"row\":{\"id\":1}}",
                "{\"table\":\"posts\",\"row\":{}}",
                "{\"table\":\"posts\",\"row\":{\"id\":null}}",
                "{\"table\":\"posts\",\"row\":7}",
                "{\"table\":\"posts\"}",
                "{\"table\":\"posts\",\"row\":{\"id\":1},\"else\":1}"
            })
    void anObjectThatIsNoRecordIsSomethingElse(String text) {
        assertThat(read(text)).isInstanceOf(Value.Other.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"posts":[]}                                              | /assocs/posts: posts has no association posts
                    7                                                         | /assocs: is an object of what is loaded, by association
                    {"parent":[]}                                             | /assocs/parent: is null or a record of posts
                    {"parent":{"table":"tags","row":{"id":1}}}                | /assocs/parent: is null or a record of posts
                    {"answers":null}                                          | /assocs/answers: is a list of records of posts
                    {"answers":[null]}                                        | /assocs/answers: is a list of records of posts
                    {"answers":[{"table":"posts","row":{"id":1},"assocs":{"x":1}}]} | /assocs/answers/0/assocs/x: posts has no association x
                    """)
    void whatIsLoadedFitsItsAssociation(String associations, String problem) {
        assertThatThrownBy(() -> read("{\"table\":\"posts\",\"row\":{\"id\":1},\"assocs\":" + associations + "}"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(problem);
    }

    @Test
    void listsMayNotBeNestedWithoutBounds() {
        assertThat(read("[".repeat(159) + "]".repeat(159))).isInstanceOf(Value.Items.class);
        assertThatThrownBy(() -> read("[".repeat(161) + "]".repeat(161)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageEndingWith("is nested deeper than 160");
    }

    @Test
    void recordsMayNotBeNestedWithoutBounds() {
        Loaded deepest = (Loaded) read("{\"table\":\"posts\",\"row\":{\"id\":1}}");

        assertThatThrownBy(() -> {
                    Loaded at = deepest;
                    while (true) {
                        at = new Loaded(at.row(), Map.of("parent", at));
                    }
                })
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("value: is nested deeper than 160");
    }

    @Test
    void theDeepestValueCanBeWritten() {
        Value at = read("{\"table\":\"posts\",\"row\":{\"id\":1}}");
        while (at.depth() < Value.MAX_DEPTH) {
            at = new Loaded(((Loaded) at).row(), Map.of("parent", at));
        }

        assertThat(JSON.read(ValueJson.write(at))).isEqualTo(at);
    }

    @Test
    void aShapeIsWhatAllOfAListHaveLoaded() {
        Loaded value = (Loaded) read(
                "{\"table\":\"posts\",\"row\":{\"id\":1},\"assocs\":{\"answers\":[{\"table\":\"posts\",\"row\":{\"id\":2},\"assocs\":{\"parent\":null}},"
                        + "{\"table\":\"posts\",\"row\":{\"id\":3},\"assocs\":{\"answers\":[]}}]}}");

        assertThat(value.shape())
                .isEqualTo(Shape.parse("answers.parent,answers.answers", MODEL.require("posts"), MODEL));
    }

    @Test
    void aShapeIsReadFromPathsOrAnObject() {
        Shape expected = new Shape(Map.of(
                "answers", new Shape(Map.of("parent", Shape.BARE, "answers", Shape.BARE)), "parent", Shape.BARE));

        assertThat(Shape.parse("answers.parent,parent,answers,answers.answers", MODEL.require("posts"), MODEL))
                .isEqualTo(expected);
        assertThat(Shape.parse(
                        json("{\"answers\":{\"parent\":{},\"answers\":{}},\"parent\":{}}"),
                        MODEL.require("posts"),
                        MODEL))
                .isEqualTo(expected);
        assertThat(Shape.parse("", MODEL.require("tags"), MODEL)).isEqualTo(Shape.BARE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "answers.nowhere", "answers..parent", ",", "answers,"})
    void aShapeNamesAssociations(String text) {
        assertThatThrownBy(() -> Shape.parse(text, MODEL.require("posts"), MODEL))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aShapeMayNotBeDeepWithoutBounds() {
        String text = "parent" + ".parent".repeat(Shape.MAX_DEPTH);
        String object = "{\"parent\":".repeat(Shape.MAX_DEPTH + 1) + "{}" + "}".repeat(Shape.MAX_DEPTH + 1);

        assertThatThrownBy(() -> Shape.parse(text, MODEL.require("posts"), MODEL))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Shape.parse(json(object), MODEL.require("posts"), MODEL))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Shape.parse(json("[]"), MODEL.require("posts"), MODEL))
                .isInstanceOf(InvalidValueException.class);
    }
}
