package io.forebay.sync.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that want too much end as no rule, or deny; and do not take long. */
class HostileRulesTest {

    /** Many times what the worst of them takes, also where much else runs. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final JsonObject ROW = JsonObject.parse(
            "{\"a\":1,\"text\":\"" + "a".repeat(400_000) + "\",\"list\":[" + "1,".repeat(20_000) + "1],\"other\":["
                    + "1,".repeat(20_000) + "1],\"words\":[" + "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",".repeat(900)
                    + "\"b\"],\"deep\":" + "[".repeat(60) + "]".repeat(60) + "}",
            new JsonLimits(10_000_000, 100));

    private static Verdict judge(String rule) {
        return Rule.compile(rule).judge(new Variables("posts", Occasion.UPDATED, new JsonMap(ROW), null, null));
    }

    private static Named<String> rule(String name, String rule) {
        return Named.of(name, rule);
    }

    static Stream<Named<String>> refused() {
        return Stream.of(
                rule("long", "true" + " || true".repeat(600)),
                rule("long, in few units", "'" + "\uD83D\uDE00".repeat(4_100) + "' == ''"),
                rule("parentheses", "(".repeat(2_000) + "true" + ")".repeat(2_000)),
                rule("open parentheses", "(".repeat(4_000)),
                rule("lists", "[".repeat(2_000) + "]".repeat(2_000) + " == []"),
                rule("maps", "{1:".repeat(900) + "1" + "}".repeat(900) + " == {}"),
                rule("brackets of all kinds", "{[(".repeat(1_300)),
                rule("sums", "1" + "+1".repeat(2_000) + " == 1"),
                rule("members", "row" + ".a".repeat(2_000) + " == 1"),
                rule("indexes", "row.deep" + "[0]".repeat(1_000) + " == 1"),
                rule("conditions", "true" + "?true:true".repeat(390)),
                rule("half conditions", "a?b:".repeat(1_000)),
                rule("macros", "has(".repeat(1_000)),
                rule("loops", "row.list.exists(y,".repeat(200) + "true" + ")".repeat(200)),
                rule("quotes", "\"".repeat(4_000)),
                rule("nul", "\u0000"),
                rule("lone surrogate", "\uD800 == 1"),
                rule("a pattern that grows", "row.text.matches('((a{1000}){1000}){1000}')"),
                rule("a pattern that grows by quotes", "row.text.matches('(a{1000}\\\\Q)\\\\E\\\\Q\\\\E{1000}')"),
                rule("a pattern of many repetitions", "row.text.matches('" + "a{1000}".repeat(500) + "')"),
                rule("a large pattern", "row.text.matches('" + "a".repeat(2_000) + "')"),
                rule("a repetition beyond int", "row.text.matches('a{99999999999}')"),
                rule("a pattern of the row", "row.text.matches(row.text)"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void noRules(String rule) {
        RuleException refused = assertTimeoutPreemptively(LONG, () -> {
            try {
                Rule.compile(rule);
                return null;
            } catch (RuleException e) {
                return e;
            }
        });

        assertThat(refused).isNotNull();
    }

    static Stream<Named<String>> denied() {
        String ten = "[1,2,3,4,5,6,7,8,9,10]";
        return Stream.of(
                rule("loops in loops", (ten + ".all(x, ").repeat(4) + "true" + ")".repeat(4)),
                rule("a long loop", "row.list.all(x, x == 1)"),
                rule("doubling texts", "['a']" + ".map(x, x + x)".repeat(40) + " == []"),
                rule("doubling lists", "[['a']]" + ".map(x, x + x)".repeat(40) + " == []"),
                rule("doubling trees", "[[1]]" + ".map(x, [x, x])".repeat(40) + ".size() == 3"),
                rule("doubling a large text", "[row.text]" + ".map(x, x + x)".repeat(10) + " == []"),
                rule(
                        "equal lists in a loop",
                        "row.words.all(w, row.list == row.other && row.list == row.other && row.list == row.other)"),
                rule("a search in a loop", "row.words.all(w, row.text.contains(w))"),
                rule("a search for much", "row.text.contains(row.text)"),
                rule("patterns in a loop", "row.words.all(w, row.text.matches('(a*)*b'))"),
                rule("a pattern on a large text", "row.text.matches('^(a|a|a|a|a|a|a|a|a|a|a|a|a|a)*b$')"),
                rule("errors that are made good", "row.list.all(x, row.zz || true)"),
                rule("a row compared in a loop", "row.words.all(w, row == {'a': 1} || true)"),
                rule("all there is", "row.words.all(w, " + "row.words.exists(v, v == 'c') || ".repeat(60) + "true)"));
    }

    @ParameterizedTest
    @MethodSource("denied")
    void tooMuchWork(String rule) {
        Verdict verdict = assertTimeoutPreemptively(LONG, () -> judge(rule));

        assertThat(verdict).isEqualTo(Verdict.FAILED);
    }

    @Test
    void whatIsLargeMayBeLookedAt() {
        assertThat(judge("row.text != '' && row.list.size() > 3 && !row.text.startsWith('b')"))
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void whatNobodyWouldWriteIsRefusedOrJudged() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed of random rules: " + seed);
        Random random = new Random(seed);
        String[] words = {
            "row",
            ".",
            "text",
            "list",
            "[",
            "]",
            "(",
            ")",
            "{",
            "}",
            "1",
            "'a'",
            "==",
            "<",
            "+",
            "-",
            "!",
            "&&",
            "||",
            "?",
            ":",
            ",",
            "exists(x,",
            "x",
            "map(x,",
            "has(",
            "matches('a*')",
            "size()",
            "in",
            "claims",
            "old",
            "null",
            "\"",
            "\\",
            "1e999",
            "0x",
            "//",
            "\n",
            "r'",
            "b'",
            "dyn(",
            "type(",
            "é",
            "\uD83D\uDE00",
            "`",
            "@",
            "$"
        };
        for (int i = 0; i < 2_000; i++) {
            StringBuilder rule = new StringBuilder();
            for (int words2 = random.nextInt(30); words2 >= 0; words2--) {
                rule.append(words[random.nextInt(words.length)]).append(random.nextInt(4) == 0 ? " " : "");
            }

            Verdict verdict = tried(rule.toString());

            assertThat(verdict).as("seed %d: %s", seed, rule).isNotNull();
        }
    }

    private static Verdict tried(String rule) {
        try {
            return judge(rule);
        } catch (RuleException e) {
            return Verdict.FAILED;
        }
    }
}
