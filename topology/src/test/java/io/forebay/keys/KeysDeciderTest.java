package io.forebay.keys;

import static io.forebay.keys.KeysDriver.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.keys.query.CountKeys;
import io.forebay.keys.query.GetKeys;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.TouchKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What commands to keys do, when keys end, and what is told of it. */
class KeysDeciderTest {

    private static final Condition IF_NONE = new Condition(null, true);

    @TempDir
    Path dir;

    @Test
    void aPutStoresEveryByteAndTellsIt() {
        with(keys -> {
            byte[] bytes = {0, (byte) 0xFF, '\n'};
            long version = keys.send(
                    "n/k",
                    new PutKeys(List.of(PutKey.newBuilder()
                            .setKey("n/k")
                            .setValue(ByteBuffer.wrap(bytes))
                            .setContentType("image/x; a=\"b\"")
                            .setTtlMs(500L)
                            .setTags(List.of("t"))
                            .build())));

            assertThat(keys.find("n/k").value()).isEqualTo(bytes);
            assertThat(keys.find("n/k").contentType()).isEqualTo("image/x; a=\"b\"");
            assertThat(keys.find("n/k").version()).isEqualTo(version);
            assertThat(keys.find("n/k").expiresAt()).isEqualTo(keys.flow.now() + 500);
            assertThat(keys.changes()).singleElement().satisfies(change -> {
                assertThat(change.getValue()).isEqualTo(ByteBuffer.wrap(bytes));
                assertThat(change.getExpiresAt()).isEqualTo(keys.flow.now() + 500);
                assertThat(change.getVersion()).isEqualTo(version);
                assertThat(change.getSource().getOffset()).isEqualTo(version);
                assertThat(change.getUnitLast()).isTrue();
            });
        });
    }

    @Test
    void aBatchIsAllOrNothing() {
        with(keys -> {
            keys.put(put("n/a", "old", null));
            keys.put(put("n/b", "1", null), put("n/a", "2", null, IF_NONE), put("n/c", "3", null));

            assertThat(keys.match("n/**", 10)).containsExactly("n/a=old");
            assertThat(keys.flow.refusals())
                    .containsExactly("precondition_failed /records/1/condition: there is one already");
        });
    }

    @Test
    void ofTwoForOneKeyTheLaterWins() {
        with(keys -> {
            keys.put(put("n/a", "1", null), put("n/b", "2", null), put("n/a", "3", null));

            assertThat(keys.match("n/**", 10)).containsExactly("n/a=3", "n/b=2");
            assertThat(keys.told()).containsExactly("put n/a=3", "put n/b=2");
        });
    }

    @Test
    void aKeyIsGoneAtTheEndOfItsLifetimeAndIsToldOnce() {
        with(keys -> {
            keys.put(put("n/k", "v", 50L));
            keys.told();
            keys.flow.advance(Duration.ofMillis(49));
            assertThat(keys.get("n/k")).isEqualTo("v");
            assertThat(keys.flow.ask(new CountKeys("n"))).isEqualTo(1);
            keys.flow.advance(Duration.ofMillis(1));
            assertThat(keys.get("n/k")).isNull();
            assertThat(keys.match("n/*", 10)).isEmpty();
            assertThat(keys.flow.ask(new CountKeys("n"))).isZero();
            assertThat(keys.flow.ask(new GetKeys(List.of("n/k"))).found())
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.value()).isNull();
                    });
            assertThat(keys.told()).isEmpty();

            keys.flow.runTicks();
            keys.flow.runTicks();

            assertThat(keys.told()).containsExactly("expired n/k=v");
        });
    }

    @Test
    void aQuietPartitionIsTickedWhenSomethingIsDueAndAtMostOnceASecond() {
        with(keys -> {
            keys.put(put("n/a", "v", 100_000L));
            assertThat(keys.flow.runTicks())
                    .as("the first tick tells the clock")
                    .isEqualTo(1);
            assertThat(keys.flow.runTicks()).isZero();
            keys.flow.advance(Duration.ofSeconds(100));
            assertThat(keys.flow.runTicks()).isEqualTo(1);
            keys.flow.advance(Duration.ofSeconds(100));
            assertThat(keys.flow.runTicks()).isZero();
        });
    }

    @Test
    void keysExpireInTheOrderOfTheirEndThenOfTheirPath() {
        with(new KeysConfig(1000, 1000, 10, 10, 10, 2), keys -> {
            keys.put(put("n/c", "1", 30L), put("n/b", "2", 30L), put("n/d", "3", 10L), put("n/a", "4", 40L));
            keys.told();
            keys.flow.advance(Duration.ofMillis(39));

            assertThat(keys.flow.runTicks()).as("two at a time").isEqualTo(2);

            assertThat(keys.told()).containsExactly("expired n/d=3", "expired n/b=2", "expired n/c=1");
            assertThat(keys.match("n/*", 10)).containsExactly("n/a=4");
        });
    }

    @Test
    void whatIsTouchedExpiresFirst() {
        with(keys -> {
            keys.put(put("n/k", "1", 50L));
            keys.flow.advance(Duration.ofMillis(60));
            keys.put(put("n/k", "2", 50L));
            keys.flow.advance(Duration.ofMillis(60));
            keys.delete("n/k");
            keys.delete("n/k");
            keys.flow.runTicks();

            assertThat(keys.told()).containsExactly("put n/k=1", "expired n/k=1", "put n/k=2", "expired n/k=2");
        });
    }

    @Test
    void aConditionSeesWhatHasExpiredAsGone() {
        with(keys -> {
            long first = keys.put(put("n/k", "1", 50L));
            keys.flow.advance(Duration.ofMillis(50));
            Condition ifFirst = new Condition(List.of(Long.toString(first)), false);
            assertThat(keys.decide("n/k", new PutKeys(List.of(put("n/k", "2", null, ifFirst))))
                            .status())
                    .isEqualTo(412);
            assertThat(keys.decide("n/k", new PutKeys(List.of(put("n/k", "3", null, IF_NONE))))
                            .status())
                    .isEqualTo(200);
            assertThat(keys.get("n/k")).isEqualTo("3");
            assertThat(keys.told()).containsExactly("put n/k=1", "expired n/k=1", "put n/k=3");
        });
    }

    @Test
    void versionsAreConditionsOfPutAndDelete() {
        with(keys -> {
            long version = keys.put(put("n/k", "1", null));
            Condition ifVersion = new Condition(List.of(Long.toString(version)), false);
            assertThat(keys.decide("n/k", new PutKeys(List.of(put("n/k", "2", null, ifVersion))))
                            .text())
                    .isEqualTo("{\"version\":\"" + keys.find("n/k").version() + "\"}");
            Outcome outdated = keys.decide("n/k", new DeleteKeys(List.of(new DeleteKey("n/k", ifVersion))));
            assertThat(outdated.status()).isEqualTo(412);
            assertThat(outdated.field()).isEqualTo("If-Match");
            assertThat(keys.get("n/k")).isEqualTo("2");
        });
    }

    @Test
    void aLifetimeOfZeroRemovesWhatIsThere() {
        with(keys -> {
            keys.put(put("n/a", "1", null));
            keys.put(put("n/a", "2", 0L), put("n/b", "3", 0L));
            assertThat(keys.match("n/**", 10)).isEmpty();
            assertThat(keys.told()).containsExactly("put n/a=1", "deleted n/a=1");
        });
    }

    @Test
    void aTouchStartsTheLifetimeAnewAndLeavesTheVersion() {
        with(keys -> {
            long version = keys.put(put("n/k", "v", 100L));
            keys.flow.advance(Duration.ofMillis(90));
            assertThat(keys.decide("n/k", new TouchKeys(List.of("n/k", "n/none"), null))
                            .text())
                    .isEqualTo("{\"touched\":1}");
            keys.flow.advance(Duration.ofMillis(90));
            assertThat(keys.get("n/k")).isEqualTo("v");
            assertThat(keys.find("n/k").version()).isEqualTo(version);
            keys.flow.advance(Duration.ofMillis(10));
            keys.flow.runTicks();
            assertThat(keys.told()).containsExactly("put n/k=v", "expired n/k=v");
        });
    }

    @Test
    void aReadBeforeTheEndCountsWhenItsTouchComesLater() {
        with(keys -> {
            keys.put(put("n/k", "v", 100L));
            long read = keys.flow.now() + 99;
            keys.flow.advance(Duration.ofMillis(150));
            keys.touch(read, "n/k");
            assertThat(keys.get("n/k")).isEqualTo("v");
            assertThat(keys.find("n/k").expiresAt()).isEqualTo(read + 100);
        });
    }

    @Test
    void aTouchRevivesNothing() {
        with(keys -> {
            keys.put(put("n/k", "v", 100L));
            keys.flow.advance(Duration.ofMillis(100));
            keys.touch(null, "n/k");
            keys.touch(keys.flow.now() + 1_000, "n/k");
            assertThat(keys.get("n/k")).isNull();
            assertThat(keys.told()).containsExactly("put n/k=v", "expired n/k=v");
        });
    }

    @Test
    void lifetimesGoBeyondAllTime() {
        with(keys -> {
            keys.put(put("n/a", "1", Long.MAX_VALUE), put("n/b", "2", 1L << 40));
            keys.touch(null, "n/a", "n/b");
            keys.flow.advance(Duration.ofMillis((1L << 40) - 1));
            assertThat(keys.match("n/*", 10)).containsExactly("n/a=1", "n/b=2");
            keys.flow.advance(Duration.ofMillis(1));
            assertThat(keys.match("n/*", 10)).containsExactly("n/a=1");
            assertThat(keys.find("n/a").expiresAt()).isNull();
        });
    }

    @Test
    void aSmallDeletionByMatchIsDoneAtOnce() {
        with(keys -> {
            keys.put(put("n/u/1", "a", null), put("n/u/1/s", "b", null), put("n/u/2", "c", 10L), put("n/v", "d", null));
            keys.flow.advance(Duration.ofMillis(10));
            Outcome outcome = keys.decide(null, new DeleteMatch("n/u/*"));
            assertThat(outcome.text()).isEqualTo("{\"deleted\":1}");
            assertThat(keys.match("n/**", 10)).containsExactly("n/u/1/s=b", "n/v=d");
            keys.flow.runTicks();
            assertThat(keys.told().subList(4, 6)).containsExactly("deleted n/u/1=a", "expired n/u/2=c");
        });
    }

    @Test
    void aLargeDeletionByMatchIsVisibleAtOnceAndCarriedOutByTicks() {
        with(new KeysConfig(1000, 1000, 100, 1000, 3, 4), keys -> {
            for (int i = 10; i < 30; i++) {
                keys.put(put("n/" + i, "v", i == 15 ? 5L : null));
            }
            keys.put(put("m/10", "other", null));
            keys.flow.advance(Duration.ofMillis(5));
            keys.told();
            Outcome outcome = keys.decide("n/12", new DeleteMatch("n/*"));
            assertThat(outcome.text()).isEqualTo("{\"deleted\":19}");
            assertThat(keys.match("n/**", 10)).isEmpty();
            assertThat(keys.get("n/29")).isNull();
            assertThat(keys.flow.ask(new CountKeys("n"))).isZero();
            assertThat(keys.flow.ask(new CountKeys("m"))).isEqualTo(1);
            keys.put(put("n/29", "new", null));
            keys.flow.restart();
            assertThat(keys.match("n/**", 10)).containsExactly("n/29=new");

            keys.flow.runTicks();

            List<KeyChanged> changes = keys.changes();
            assertThat(changes.stream().map(KeysDriver::told))
                    .as("n/29 was told before the restart")
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(10, 29)
                            .mapToObj(i -> (i == 15 ? "expired n/" : "deleted n/") + i + "=v")
                            .toList());
            assertThat(keys.match("n/**", 10)).containsExactly("n/29=new");
            assertThat(keys.flow.runTicks()).isZero();
        });
    }

    @Test
    void aDeletionThatConcernsTooManyIsRefused() {
        with(new KeysConfig(1000, 1000, 100, 2, 1, 4), keys -> {
            keys.put(put("n/1", "v", null), put("n/2", "v", null), put("n/3", "v", null));
            assertThat(keys.decide(null, new DeleteMatch("n/*")).code()).isEqualTo("too_large");
            assertThat(keys.match("n/**", 10)).hasSize(3);
        });
    }

    @Test
    void largeValuesAreRemovedAFewAtATime() {
        with(keys -> {
            String large = "v".repeat(1024 * 1024);
            for (int i = 10; i < 30; i++) {
                keys.put(put("n/" + i, large, 50L));
                keys.put(put("m/" + i, large, null));
            }
            keys.told();
            keys.flow.advance(Duration.ofMillis(50));
            assertThat(keys.decide(null, new DeleteMatch("m/*")).text()).isEqualTo("{\"deleted\":20}");
            assertThat(keys.told()).isEmpty();

            keys.flow.runTicks();

            List<KeyChanged> changes = keys.changes();
            assertThat(changes).hasSize(40);
            assertThat(changes.stream()
                            .collect(Collectors.groupingBy(KeyChanged::getUnitOffset, Collectors.counting()))
                            .values())
                    .allSatisfy(unit -> assertThat(unit).isLessThanOrEqualTo(16));
        });
    }

    @Test
    void aCommandThatTellsTooMuchIsRefused() {
        with(keys -> {
            String large = "v".repeat(1024 * 1024);
            String[] all = new String[33];
            for (int i = 0; i < all.length; i++) {
                all[i] = "n/" + i;
                keys.put(put(all[i], large, null));
            }
            keys.delete(all);
            assertThat(keys.flow.refusals()).singleElement().asString().startsWith("too_large a command that changes");
            assertThat(keys.flow.ask(new CountKeys("n"))).isEqualTo(33);
        });
    }

    @Test
    void aCommandToKeysIsNotOneToAPartition() {
        with(keys -> {
            keys.sendToPartition(new PutKeys(List.of(put("n/k", "v", null))), null);
            assertThat(keys.flow.refusals()).singleElement().asString().startsWith("wrong_key");
        });
    }

    static Stream<Arguments> poison() {
        return Stream.of(
                Arguments.of("n/k", puts(put("n/k", "v", -1L)), "invalid /records/0/ttl_ms"),
                Arguments.of("n/k", puts(put("n", "v", null)), "invalid /records/0/key"),
                Arguments.of("n/k", puts(put("n/k ", "v", null)), "invalid /records/0/key"),
                Arguments.of("n/k", puts(put("n/*", "v", null)), "invalid /records/0/key"),
                Arguments.of("n/k", puts(put("n/" + "k".repeat(99), "v", null)), "invalid /records/0/key"),
                Arguments.of("n/k", puts(put("n/k", "v", null), put("m/k", "v", null)), "invalid /records"),
                Arguments.of("n/j", puts(put("n/k", "v", null)), "wrong_key key"),
                Arguments.of("n/k", puts(put("n/k", "v".repeat(101), null)), "too_large /records/0/value"),
                Arguments.of(
                        "n/k",
                        puts(PutKey.newBuilder(put("n/k", "v", null))
                                .setContentType("a\r\nb")
                                .build()),
                        "invalid /records/0/content_type"),
                Arguments.of(
                        "n/k",
                        puts(PutKey.newBuilder(put("n/k", "v", null))
                                .setSliding(true)
                                .build()),
                        "invalid /records/0/sliding"),
                Arguments.of(
                        "n/k",
                        puts(PutKey.newBuilder(put("n/k", "v", null))
                                .setTags(List.of(""))
                                .build()),
                        "invalid /records/0/tags"),
                Arguments.of(
                        "n/k",
                        puts(put("n/k", "v", null), put("n/k", "v", null), put("n/k", "v", null)),
                        "too_large /records"),
                Arguments.of("n/k", new TouchKeys(List.of("n/k", "n"), null), "invalid /keys/1"),
                Arguments.of("n/k", new DeleteKeys(List.of(new DeleteKey("", null))), "invalid /records/0/key"),
                Arguments.of("n/k", new DeleteMatch("n"), "invalid /match"),
                Arguments.of("n/k", new DeleteMatch("*/k"), "invalid /match"),
                Arguments.of("n/k", new DeleteMatch("**"), "invalid /match"),
                Arguments.of("n/k", new DeleteMatch("n/a*"), "invalid /match"),
                Arguments.of("n/k", new DeleteMatch("n/**/k"), "invalid /match"),
                Arguments.of("n/k", new DeleteMatch("m/**"), "invalid /match"),
                Arguments.of("n/" + "k".repeat(99), new DeleteMatch("n/**"), "wrong_key key"),
                Arguments.of("n%2fk", new DeleteMatch("n/**"), "key_not_canonical key"));
    }

    @ParameterizedTest
    @MethodSource("poison")
    void aCommandThatBreaksARuleIsADeadLetterAndHarmsNothing(String key, Object command, String refusal) {
        with(new KeysConfig(100, 64, 2, 10, 10, 10), keys -> {
            keys.put(put("n/k", "before", null));
            keys.send(key, command);
            keys.put(put("n/after", "v", null));

            assertThat(keys.flow.refusals()).singleElement().asString().startsWith(refusal);
            assertThat(keys.match("n/**", 10)).containsExactly("n/after=v", "n/k=before");
            assertThat(keys.told()).containsExactly("put n/k=before", "put n/after=v");
        });
    }

    @Test
    void deadLettersHoldNoValueInTheirWords() {
        with(keys -> {
            keys.put(put("n/k", "a secret", -5L));
            assertThat(keys.flow.deadLetters())
                    .singleElement()
                    .satisfies(letter -> letter.headers()
                            .forEach(header -> assertThat(new String(header.value(), StandardCharsets.UTF_8))
                                    .doesNotContain("secret")));
        });
    }

    private static PutKeys puts(PutKey... records) {
        return new PutKeys(List.of(records));
    }

    private void with(Consumer<KeysDriver> test) {
        with(KeysConfig.defaults(), test);
    }

    private void with(KeysConfig config, Consumer<KeysDriver> test) {
        try (KeysDriver keys = new KeysDriver(dir, config)) {
            test.accept(keys);
        }
    }
}
