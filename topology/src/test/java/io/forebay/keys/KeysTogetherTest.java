package io.forebay.keys;

import static io.forebay.keys.KeysDriver.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.Outcome;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteWhere;
import io.forebay.schemas.avro.PlaceKeys;
import io.forebay.schemas.avro.PlacedNamespace;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.ReplaceKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.KeyPlacement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces whose keys are kept together, seen from partition 0 of 8, and replacements there. */
class KeysTogetherTest {

    private static final KeyPlacement BY_USER = new KeyPlacement(Map.of("sessions", 1));
    private static final CatalogueSettings SETTINGS = CatalogueSettings.defaults();

    /** A user whose sessions are on partition 0 when they are kept together, and one whose are not. */
    private static final String HERE = user(true);

    private static final String ELSEWHERE = user(false);

    @TempDir
    java.nio.file.Path dir;

    @Test
    void keysThatAreKeptTogetherAreWhereTheirFirstPartsAre() {
        with(keys -> {
            keys.put(session("a", "f1"), session("b", "f2"), session("c", "f3"));
            keys.put(put("sessions/" + ELSEWHERE + "/a", "{}", null));

            assertThat(keys.match("sessions/*/*", 10)).hasSize(3);
            assertThat(keys.flow.refusals()).singleElement().asString().startsWith("wrong_partition");
        });
    }

    @Test
    void sessionsOfAFingerprintAreReplacedInOneStep() {
        with(keys -> {
            keys.put(session("a", "f1"), session("b", "f2"), session("c", "f1"), put(key("d"), "no JSON", null));
            keys.told();

            Outcome outcome = replace(keys, "/fingerprint:eq:\"f1\"", session("e", "f1"));

            assertThat(outcome.text()).startsWith("{\"deleted\":2,\"version\":\"");
            assertThat(keys.match("sessions/" + HERE + "/*", 10))
                    .extracting(found -> found.substring(0, found.indexOf('=')))
                    .containsExactly(key("b"), key("d"), key("e"));
            assertThat(keys.changes())
                    .extracting(change -> change.getType() + " " + change.getKey() + " " + change.getUnitLast())
                    .containsExactly(
                            "deleted " + key("a") + " false",
                            "deleted " + key("c") + " false",
                            "put " + key("e") + " true");
        });
    }

    @Test
    void aReplacementThatIsRefusedDeletesNothing() {
        with(keys -> {
            keys.put(session("a", "f1"), session("b", "f2"));
            PutKey onlyIfNone = put(key("b"), "{}", null, new Condition(null, true));

            assertThat(replace(keys, null, session("c", "f1"), onlyIfNone).status())
                    .as("what was deleted is no obstacle")
                    .isEqualTo(200);
            assertThat(replace(keys, "/fingerprint:eq:\"f1\"", onlyIfNone).code())
                    .isEqualTo("precondition_failed");

            assertThat(keys.match("sessions/*/*", 10))
                    .extracting(found -> found.substring(0, found.indexOf('=')))
                    .containsExactly(key("b"), key("c"));
        });
    }

    @Test
    void whatMayConcernOtherPartitionsIsRefused() {
        with(keys -> {
            keys.put(session("a", "f1"));
            assertThat(decide(keys, new ReplaceKeys(List.of(new DeleteWhere("sessions/*/a", null)), List.of()))
                            .code())
                    .isEqualTo("cross_partition_condition");
            assertThat(decide(
                                    keys,
                                    new ReplaceKeys(
                                            List.of(new DeleteWhere("sessions/" + ELSEWHERE + "/*", null)), List.of()))
                            .code())
                    .isEqualTo("cross_partition_condition");
            assertThat(decide(keys, new ReplaceKeys(List.of(new DeleteWhere("other/a/*", null)), List.of()))
                            .code())
                    .isEqualTo("cross_partition_condition");
            assertThat(decide(keys, new ReplaceKeys(List.of(new DeleteWhere("sessions/*/a", "/a:is:1")), List.of()))
                            .isRefused())
                    .isTrue();
            assertThat(keys.match("sessions/*/*", 10)).hasSize(1);
        });
    }

    @Test
    void aPlacementChangesOnlyWhileTheNamespaceIsEmpty() {
        with(keys -> {
            keys.put(session("a", "f1"));
            assertThat(place(keys, null).rules())
                    .isEqualTo("the namespace sessions is stored together by 1 parts and not empty: empty it first");
            assertThat(place(keys, 2).code()).isEqualTo("keys_placed_otherwise");
            assertThat(place(keys, 1).status()).isEqualTo(204);
            keys.delete(key("a"));
            assertThat(place(keys, 0).status()).isEqualTo(204);

            keys.flow.restart();
            keys.put(session("a", "f1"));

            boolean namespaceIsHere = new KeyPlacement(Map.of("sessions", 0))
                            .partition(Path.of("sessions").toBytes(), SETTINGS.partitions())
                    == 0;
            assertThat(keys.match("sessions/*/*", 10)).hasSize(namespaceIsHere ? 1 : 0);
        });
    }

    private static Outcome replace(KeysDriver keys, @Nullable String where, PutKey... puts) {
        return decide(keys, new ReplaceKeys(List.of(new DeleteWhere("sessions/" + HERE + "/*", where)), List.of(puts)));
    }

    private static Outcome decide(KeysDriver keys, Object command) {
        return keys.decide("sessions/" + HERE, command);
    }

    private static Outcome place(KeysDriver keys, @Nullable Integer parts) {
        return keys.decide(
                null, new PlaceKeys(parts == null ? List.of() : List.of(new PlacedNamespace("sessions", parts))));
    }

    private static PutKey session(String id, String fingerprint) {
        return put(key(id), "{\"fingerprint\":\"" + fingerprint + "\"}", null);
    }

    private static String key(String session) {
        return "sessions/" + HERE + "/" + session;
    }

    private static String user(boolean here) {
        return IntStream.range(0, 1000)
                .mapToObj(Integer::toString)
                .filter(user -> here
                        == (BY_USER.partition(Path.of("sessions", user).toBytes(), CatalogueSettings.DEFAULT_PARTITIONS)
                                == 0))
                .findFirst()
                .orElseThrow();
    }

    private void with(Consumer<KeysDriver> test) {
        try (KeysDriver keys = new KeysDriver(dir, KeysConfig.defaults(), SETTINGS.withPlacement(BY_USER))) {
            place(keys, 1);
            keys.told();
            test.accept(keys);
        }
    }
}
