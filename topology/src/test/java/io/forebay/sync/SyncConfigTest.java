package io.forebay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.config.ConfigReader;
import io.forebay.config.InvalidConfigException;
import io.forebay.schemas.json.JsonObject;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.OwnRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncConfigTest {

    @TempDir
    Path dir;

    private static SyncConfig read(Map<String, String> settings) {
        ConfigReader reader = ConfigReader.of(settings);
        SyncConfig config = SyncConfig.read(reader);
        reader.finish();
        return config;
    }

    private String file(String text) throws IOException {
        return Files.writeString(dir.resolve("model.yaml"), text).toString();
    }

    private String rules(String text) throws IOException {
        return Files.writeString(dir.resolve("rules.yaml"), text).toString();
    }

    @Test
    void withoutAModelItIsOff() {
        SyncConfig config = read(Map.of());

        assertThat(config).isEqualTo(SyncConfig.defaults());
        assertThat(config.model()).isNull();
        assertThat(config.rules()).isNull();
        assertThat(config.deletedRetention()).isEqualTo(Duration.ofDays(7));
        assertThat(config.changeRetention()).isEqualTo(Duration.ofDays(1));
        assertThat(config.batchMaxCount()).isEqualTo(1_000);
        assertThat(config.preloadMaxRows()).isEqualTo(10_000);
        assertThat(config.transactionWait()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void everyKeyIsMapped() throws IOException {
        SyncConfig config = read(Map.of(
                "forebay.sync.model", file("tables: {users: {columns: [id, name]}}"),
                "forebay.sync.rules", rules("default: deny"),
                "forebay.sync.deleted.retention", "2d",
                "forebay.sync.changes.retention", "3h",
                "forebay.sync.batch.max.count", "10",
                "forebay.sync.preload.max.rows", "20",
                "forebay.sync.transactions.wait", "5s"));

        assertThat(Objects.requireNonNull(config.model()).tables()).containsOnlyKeys("users");
        assertThat(seesUsers(config)).isFalse();
        assertThat(config.deletedRetention()).isEqualTo(Duration.ofDays(2));
        assertThat(config.changeRetention()).isEqualTo(Duration.ofHours(3));
        assertThat(config.batchMaxCount()).isEqualTo(10);
        assertThat(config.preloadMaxRows()).isEqualTo(20);
        assertThat(config.transactionWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everythingThatIsWrongWithAModelIsTold() throws IOException {
        String model =
                file("tables: {users: {columns: [id], assocs: {posts: {kind: has_many, table: posts, fk: user_id},"
                        + " boss: {kind: owns, table: users, fk: boss_id}}}}");

        assertThatThrownBy(() -> read(Map.of("forebay.sync.model", model)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("/tables/users/assocs/posts")
                .hasMessageContaining("/tables/users/assocs/boss");
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertThatThrownBy(() ->
                        read(Map.of("forebay.sync.model", dir.resolve("none").toString())))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("forebay.sync.model");
    }

    private static boolean seesUsers(SyncConfig config) {
        AccessRules rules = Objects.requireNonNull(config.rules());
        return rules.sight(null, OwnRule.NONE, Map.of()).sees(rules.row("users", JsonObject.parse("{\"id\":1}")));
    }

    @Test
    void withoutRulesEverythingIsSeen() throws IOException {
        SyncConfig config = read(Map.of("forebay.sync.model", file("tables: {users: {columns: [id, name]}}")));

        assertThat(seesUsers(config)).isTrue();
    }

    @Test
    void everythingThatIsWrongWithRulesIsTold() throws IOException {
        String model = file("tables: {users: {columns: [id, name]}}");
        String rules = rules("tables: {users: {visible: nope, hidden: id}, others: {}}\ndefault: perhaps");

        assertThatThrownBy(() -> read(Map.of("forebay.sync.model", model, "forebay.sync.rules", rules)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("forebay.sync.rules")
                .hasMessageContaining("/tables/users/visible: is no rule: line 1, column 1: ")
                .hasMessageContaining("/tables/users/hidden")
                .hasMessageContaining("/tables/others")
                .hasMessageContaining("/default");
    }

    @Test
    void rulesNeedAModel() throws IOException {
        String rules = rules("default: deny");

        assertThatThrownBy(() -> read(Map.of("forebay.sync.rules", rules)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("forebay.sync.model");
    }

    @Test
    void rulesThatAreNotThereAreAProblem() throws IOException {
        String model = file("tables: {users: {columns: [id, name]}}");
        String rules = dir.resolve("none").toString();

        assertThatThrownBy(() -> read(Map.of("forebay.sync.model", model, "forebay.sync.rules", rules)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("forebay.sync.rules");
    }
}
