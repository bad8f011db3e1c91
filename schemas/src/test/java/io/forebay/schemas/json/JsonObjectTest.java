package io.forebay.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.forebay.schemas.json.JsonObject.Member;
import io.forebay.schemas.json.JsonSyntaxException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

    private static final JsonLimits LIMITS = new JsonLimits(100_000, 5);

    @Test
    void membersAreSlicesOfTheText() {
        JsonObject object = JsonObject.parse("""
                {"id" : "1\\u0030" ,"n":-0.50E+3,"o":{ "a" : [1, 2] },"a":[ ],"t":true,"f": false,"z":null , "é\\"\\\\":"😀"}""");

        assertThat(object.members())
                .extracting(Member::name, member -> member.value().raw())
                .containsExactly(
                        tuple("id", "\"1\\u0030\""),
                        tuple("n", "-0.50E+3"),
                        tuple("o", "{ \"a\" : [1, 2] }"),
                        tuple("a", "[ ]"),
                        tuple("t", "true"),
                        tuple("f", "false"),
                        tuple("z", "null"),
                        tuple("é\"\\", "\"😀\""));
    }

    @Test
    void theTextIsKeptToTheLetter() {
        String text = "{ \"b\" : 1.00 ,\n\"a\" : \"\\/\\u00e9\" }";

        assertThat(JsonObject.parse(text).text()).isEqualTo(text);
    }

    @Test
    void spaceAroundTheObjectIsNotPartOfIt() {
        assertThat(JsonObject.parse(" \t\r\n{\"a\":1}\n ").text()).isEqualTo("{\"a\":1}");
    }

    @Test
    void anEmptyObjectHasNoMembers() {
        assertThat(JsonObject.parse("{ }").members()).isEmpty();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("", Reason.INVALID_JSON, ""),
                arguments("  ", Reason.INVALID_JSON, ""),
                arguments("{", Reason.INVALID_JSON, ""),
                arguments("{\"a\":}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":01}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":1.}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":+1}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":NaN}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":1,}", Reason.INVALID_JSON, "/a"),
                arguments("{'a':1}", Reason.INVALID_JSON, ""),
                arguments("{\"a\":\"\t\"}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":\"\\x\"}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":1}x", Reason.INVALID_JSON, ""),
                arguments("{\"a\":1} {}", Reason.INVALID_JSON, ""),
                arguments("{\"a\":1}}", Reason.INVALID_JSON, ""),
                arguments("{\"a\":[1,{\"b\":tru}]}", Reason.INVALID_JSON, "/a/1/b"),
                arguments("/**/{}", Reason.INVALID_JSON, ""),
                arguments("\uFEFF{}", Reason.INVALID_JSON, ""),
                arguments("hello", Reason.INVALID_JSON, ""),
                arguments("[1,", Reason.INVALID_JSON, "/1"),
                arguments("\"a\" 1", Reason.INVALID_JSON, ""),
                arguments("[]", Reason.NOT_AN_OBJECT, ""),
                arguments("null", Reason.NOT_AN_OBJECT, ""),
                arguments("12", Reason.NOT_AN_OBJECT, ""),
                arguments("\"a\"", Reason.NOT_AN_OBJECT, ""),
                arguments("{\"a\":1,\"b\":2,\"a\":3}", Reason.DUPLICATE_MEMBER, "/a"),
                arguments("{\"a\":1,\"\\u0061\":3}", Reason.DUPLICATE_MEMBER, "/a"),
                arguments("{\"o\":[{\"x/y\":1,\"x/y\":3}]}", Reason.DUPLICATE_MEMBER, "/o/0/x~1y"),
                arguments("{\"a\":[[[[[]]]]]}", Reason.TOO_DEEP, "/a/0/0/0/0"),
                arguments("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{}}}}}}", Reason.TOO_DEEP, "/a/b/c/d/e"),
                arguments("[[[[[[[[[[[[", Reason.TOO_DEEP, "/0/0/0/0/0"),
                arguments("{\"a\":\"\\ud800\"}", Reason.LONE_SURROGATE, "/a"),
                arguments("{\"a\":\"\\udc00\\ud800\"}", Reason.LONE_SURROGATE, "/a"),
                arguments("{\"a\":[\"x\",\"\\ud83dx\"]}", Reason.LONE_SURROGATE, "/a/1"),
                arguments("{\"\\ud800\":1}", Reason.LONE_SURROGATE, "/\ud800"),
                arguments("{\"a\":\"\ud800\"}", Reason.LONE_SURROGATE, ""),
                arguments("{\"a\":\"x\\u0000\"}", Reason.NUL, "/a"),
                arguments("{\"a\":{\"\\u0000\":1}}", Reason.NUL, "/a/\u0000"),
                arguments("{\"a\":\"\u0000\"}", Reason.INVALID_JSON, "/a"),
                arguments("{\"a\":\"" + "x".repeat(100_000) + "\"}", Reason.TOO_LARGE, ""));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNotAcceptedIsRefusedWithReasonAndPlace(String text, Reason reason, String pointer) {
        assertThatThrownBy(() -> JsonObject.parse(text, LIMITS))
                .isInstanceOfSatisfying(JsonSyntaxException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.pointer()).isEqualTo(pointer);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "C080", "EDA080", "F4908080", "80", "E282"})
    void bytesThatAreNotUtf8AreRefused(String hex) {
        byte[] text = ("{\"a\":\"" + "__" + "\"}").getBytes(StandardCharsets.US_ASCII);
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] bytes = new byte[text.length - 2 + bad.length];
        System.arraycopy(text, 0, bytes, 0, 6);
        System.arraycopy(bad, 0, bytes, 6, bad.length);
        System.arraycopy(text, 8, bytes, 6 + bad.length, 2);

        assertThatThrownBy(() -> JsonObject.parse(bytes, LIMITS))
                .isInstanceOfSatisfying(
                        JsonSyntaxException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_UTF8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreRefused(String charset) throws Exception {
        byte[] bytes = "{\"a\":1}".getBytes(charset);

        assertThatThrownBy(() -> JsonObject.parse(bytes, LIMITS)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void theGreatestDepthIsAccepted() {
        assertThat(JsonObject.parse("{\"a\":[[[[]]]]}", LIMITS).members()).hasSize(1);
    }

    @Test
    void aDuplicateAmongManyMembersIsFound() {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            members.append("\"m").append(i).append("\":").append(i).append(',');
        }
        String outer = "{" + members + "\"m500\":1}";
        String inner = "{\"o\":{" + members + "\"m7\":1}}";

        assertThat(List.of(outer, inner))
                .allSatisfy(text -> assertThatThrownBy(() -> JsonObject.parse(text, LIMITS))
                        .hasMessageContaining("duplicate member"));
    }

    @Test
    void theSameNameInDifferentObjectsIsNoDuplicate() {
        assertThat(JsonObject.parse("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}")
                        .has("a"))
                .isTrue();
    }

    @Test
    void theMessageHoldsNoValue() {
        assertThatThrownBy(() -> JsonObject.parse("{\"password\":\"secret\\u0000\"}"))
                .hasMessage("/password holds the character U+0000");
    }

    @Test
    void aMemberIsSetInItsPlaceOrAtTheEnd() {
        JsonObject object = JsonObject.parse("{ \"a\" : 1 , \"b\" : [1, 2] }");

        JsonObject changed = object.with("a", JsonValue.ofText("x\"\n😀")).with("c\t", JsonValue.NULL);

        assertThat(changed.text()).isEqualTo("{\"a\":\"x\\\"\\n😀\",\"b\":[1, 2],\"c\\t\":null}");
        assertThat(changed).isEqualTo(JsonObject.parse(changed.text()));
    }

    @Test
    void aMemberIsRemoved() {
        assertThat(JsonObject.parse("{\"a\":1,\"b\":2}").without("a").text()).isEqualTo("{\"b\":2}");
    }

    @Test
    void onlySomeMembersAreLeft() {
        JsonObject object = JsonObject.parse("{ \"a\" : 1, \"b\": 2.0, \"c\": [ 3 ] }");

        assertThat(object.only(name -> !name.equals("b")).text()).isEqualTo("{\"a\":1,\"c\":[ 3 ]}");
        assertThat(object.only(name -> true)).isSameAs(object);
        assertThat(object.only(name -> false).text()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"a\":1,\"b\":2} | {\"b\":3} | {\"a\":1,\"b\":3}",
                "{\"a\":1} | {} | {\"a\":1}",
                "{} | {\"a\":1} | {\"a\":1}",
                "{\"a\":1,\"b\":2} | {\"c\":1,\"a\":null,\"d\":[]} | {\"a\":null,\"b\":2,\"c\":1,\"d\":[]}",
                "{\"o\":{\"x\":1,\"y\":2}} | {\"o\":{\"x\":3}} | {\"o\":{\"x\":3}}",
                "{\"\\u0061\":1} | {\"a\":1.0} | {\"\\u0061\":1.0}",
            })
    void mergeIsShallow(String old, String update, String merged) {
        assertThat(JsonObject.parse(old).merge(JsonObject.parse(update)).text()).isEqualTo(merged);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "1 | 1 | true",
                "1 | 1.0 | true",
                "1 | 10e-1 | true",
                "100 | 1e2 | true",
                "0 | -0.00e7 | true",
                "1e999999999 | 1e999999999 | true",
                "1e999999999 | 10e999999998 | true",
                "1e999999999 | 1e999999998 | false",
                "1e99999999999999999999999 | 10e99999999999999999999998 | true",
                "18446744073709551615 | 18446744073709551616 | false",
                "0.1 | 0.10000000000000000001 | false",
                "1 | \"1\" | false",
                "1 | -1 | false",
                "null | null | true",
                "null | false | false",
                "true | false | false",
                "\"a\" | \"\\u0061\" | true",
                "\"/\" | \"\\/\" | true",
                "\"a\" | \"A\" | false",
                "[1,2] | [1, 2.0] | true",
                "[1,2] | [2,1] | false",
                "[] | {} | false",
                "[] | [null] | false",
                "{\"a\":1,\"b\":2} | {\"b\":2.0,\"a\":1} | true",
                "{\"a\":1} | {\"a\":1,\"b\":null} | false",
                "{\"a\":null} | {\"b\":null} | false",
            })
    void valuesAreTheSameOrNot(String a, String b, boolean same) {
        JsonObject x = JsonObject.parse("{\"m\":" + a + "}");
        JsonObject y = JsonObject.parse("{\"m\":" + b + "}");

        assertThat(x.sameMember(y, "m")).isEqualTo(same);
        assertThat(y.sameMember(x, "m")).isEqualTo(same);
        assertThat(x.sameValue(y)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {"{} | {} | true", "{} | {\"m\":null} | false", "{\"m\":null} | {\"m\":null} | true"})
    void absentIsTheSameAsAbsentOnly(String a, String b, boolean same) {
        assertThat(JsonObject.parse(a).sameMember(JsonObject.parse(b), "m")).isEqualTo(same);
    }

    @Test
    void aHugeExponentCostsNothing() {
        String digits = "9".repeat(400_000);
        JsonObject a = JsonObject.parse("{\"m\":1e" + digits + "}");
        JsonObject b = JsonObject.parse("{\"m\":1E" + digits + "}");

        assertThat(a.sameMember(b, "m")).isFalse();
    }

    @Test
    void valuesTellTheirKind() {
        JsonObject object = JsonObject.parse(
                "{\"s\":\"\\u0061b\",\"i\":-12,\"d\":1.0,\"e\":1e3,\"b\":true,\"n\":null,\"o\":{\"x\":1},\"a\":[1,\"two\",[3],{}]}");

        assertThat(value(object, "s").asText()).isEqualTo("ab");
        assertThat(value(object, "i").isInteger()).isTrue();
        assertThat(value(object, "d").isInteger()).isFalse();
        assertThat(value(object, "e").isInteger()).isFalse();
        assertThat(value(object, "e").isNumber()).isTrue();
        assertThat(value(object, "b").asBoolean()).isTrue();
        assertThat(value(object, "n").isNull()).isTrue();
        assertThat(value(object, "o").asObject().text()).isEqualTo("{\"x\":1}");
        assertThat(value(object, "a").elements())
                .extracting(JsonValue::raw)
                .containsExactly("1", "\"two\"", "[3]", "{}");
        assertThatThrownBy(() -> value(object, "i").asText()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingPrintsValues() {
        JsonObject object = JsonObject.parse("{\"a\":\"secret\"}");

        assertThat(object.toString() + value(object, "a")).doesNotContain("secret");
    }

    @Test
    void whateverIsWrittenIsReadBackToTheLetter() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            JsonText.Written written = JsonText.object(random);
            JsonObject object = JsonObject.parse(written.text(), JsonLimits.defaults());
            List<String> raw = new ArrayList<>();
            for (Member member : object.members()) {
                raw.add(member.name() + "=" + member.value().raw());
            }
            assertThat(raw).as("seed %d: %s", seed, written.text()).isEqualTo(written.members());
            assertThat(object.text()).as("seed %d", seed).isEqualTo(written.text());
        }
    }

    @Test
    void aMergeIsWhatReadingItAgainGives() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            JsonObject old = JsonObject.parse(JsonText.object(random).text());
            JsonObject update = JsonObject.parse(JsonText.object(random).text());
            JsonObject merged = old.merge(update);
            JsonObject again = JsonObject.parse(merged.text());
            assertThat(merged.members()).as("seed %d", seed).isEqualTo(again.members());
            assertThat(merged.members()).as("seed %d", seed).containsAll(update.members());
            assertThat(merged.sameValue(again)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void memberOrderDoesNotMatterToValues() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            JsonObject object = JsonObject.parse(JsonText.object(random).text());
            List<Member> members = new ArrayList<>(object.members());
            Collections.shuffle(members, random);
            JsonObject shuffled = JsonObject.parse("{}");
            for (Member member : members) {
                shuffled = shuffled.with(member.name(), member.value());
            }
            assertThat(shuffled.sameValue(object)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void damagedTextIsRefusedWithoutAnyOtherFailure() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = JsonText.object(random).text().getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(0x100);
            }
            assertThat(isRefusedOrRead(text)).as("seed %d", seed).isTrue();
        }
    }

    private static boolean isRefusedOrRead(byte[] text) {
        try {
            JsonObject object = JsonObject.parse(text, JsonLimits.defaults());
            return object.members().stream().allMatch(member -> object.sameMember(object, member.name()));
        } catch (JsonSyntaxException e) {
            return true;
        }
    }

    private static JsonValue value(JsonObject object, String name) {
        return Objects.requireNonNull(object.member(name));
    }
}
