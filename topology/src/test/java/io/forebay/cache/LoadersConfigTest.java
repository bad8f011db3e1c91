package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.cache.loader.sql.DataSourceConfig;
import io.forebay.cache.loader.sql.SqlQuery;
import io.forebay.cache.loader.sql.SqlQuery.Parameter;
import io.forebay.cache.loader.sql.SqlQuery.Rows;
import io.forebay.config.ConfigProblem;
import io.forebay.config.ConfigReader;
import io.forebay.config.InvalidConfigException;
import io.forebay.schemas.path.PathMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which loaders a configuration makes, and what it is told where it is wrong. */
class LoadersConfigTest {
    private static final String URL = "jdbc:postgresql://db:5432/shop";

    private static LoadersConfig read(Map<String, String> settings) {
        ConfigReader reader = ConfigReader.of(settings);
        LoadersConfig config = LoadersConfig.read(reader);
        reader.finish();
        return config;
    }

    /** A cache of posts that loads from a database, with one more setting for it. */
    private static Map<String, String> posts(String sql, String... more) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "forebay.datasource.shop.url", URL,
                "forebay.cache.loader.posts.datasource", "shop",
                "forebay.cache.loader.posts.sql", sql));
        for (int i = 0; i < more.length; i += 2) {
            settings.put("forebay.cache.loader.posts." + more[i], more[i + 1]);
        }
        return settings;
    }

    private static SqlQuery query(String sql, String... more) {
        return Objects.requireNonNull(read(posts(sql, more)).queries().get("posts"));
    }

    private static List<String> problems(Map<String, String> settings) {
        return catchThrowableOfType(InvalidConfigException.class, () -> read(settings)).problems().stream()
                .map(ConfigProblem::key)
                .toList();
    }

    @Test
    void nothingConfiguredIsNoLoader() {
        assertThat(read(Map.of())).isEqualTo(LoadersConfig.defaults());
    }

    @Test
    void aDataSourceHasDefaults() {
        assertThat(read(Map.of("forebay.datasource.shop.url", URL)).dataSources())
                .containsExactly(Map.entry(
                        "shop",
                        new DataSourceConfig(URL, null, null, 8, Duration.ofSeconds(2), Duration.ofSeconds(3))));
    }

    @Test
    void timesThatAreNotSetAreNoLongerThanALoad() {
        assertThat(read(Map.of("forebay.datasource.shop.url", URL, "forebay.cache.load.timeout", "1s"))
                        .dataSources())
                .containsExactly(Map.entry(
                        "shop",
                        new DataSourceConfig(URL, null, null, 8, Duration.ofSeconds(1), Duration.ofSeconds(1))));
    }

    @Test
    void everyKeyOfADataSourceIsMapped() {
        assertThat(read(Map.of(
                                "forebay.datasource.shop.url", URL,
                                "forebay.datasource.shop.user", "reader",
                                "forebay.datasource.shop.password", "hidden",
                                "forebay.datasource.shop.pool.size", "3",
                                "forebay.datasource.shop.connection.timeout", "1s",
                                "forebay.datasource.shop.query.timeout", "4s"))
                        .dataSources())
                .containsExactly(Map.entry(
                        "shop",
                        new DataSourceConfig(
                                URL, "reader", "hidden", 3, Duration.ofSeconds(1), Duration.ofSeconds(4))));
    }

    @Test
    void aStatementIsBoundToThePartsOfTheKeyByDefault() {
        assertThat(query("SELECT ?, ?"))
                .isEqualTo(new SqlQuery(
                        "shop",
                        "SELECT ?, ?",
                        PathMatch.parse("*/*"),
                        List.of(new Parameter(1), new Parameter(2)),
                        Rows.LIST));
        assertThat(query("SELECT 1").key()).isEqualTo(PathMatch.parse("*"));
    }

    @Test
    void theKeySaysWhichPartsAreBound() {
        SqlQuery query = query("SELECT ?", "key", "by-author/*", "rows", "first");

        assertThat(query.key()).isEqualTo(PathMatch.parse("by-author/*"));
        assertThat(query.parameters()).containsExactly(new Parameter(2));
        assertThat(query.rows()).isEqualTo(Rows.FIRST);
    }

    @Test
    void parametersNameParts() {
        assertThat(query("SELECT ?, ?, ?", "key", "*/**", "parameters", "1, key,1")
                        .parameters())
                .containsExactly(new Parameter(1), Parameter.KEY, new Parameter(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forebay.datasource.shop.url | jdbc:nosuchdatabase://db/shop",
                "forebay.datasource.shop.url | postgresql://db/shop",
                "forebay.datasource.shop.url | jdbc:postgresql://db:x/shop",
                "forebay.datasource.shop.url | jdbc:postgresql://db/shop?user=a&password=b",
                "forebay.datasource.sh.op.url | jdbc:postgresql://db/shop",
                "forebay.datasource.shop.pool.size | 0",
                "forebay.datasource.shop.connection.timeout | 6s",
                "forebay.datasource.shop.connection.timeout | 100ms",
                "forebay.datasource.shop.query.timeout | 6s",
                "forebay.cache.loader.posts.datasource | store",
                "forebay.cache.loader.posts.url | http://x/",
                "forebay.cache.loader.posts.key | a*",
                "forebay.cache.loader.posts.key | */*",
                "forebay.cache.loader.posts.parameters | 1,1",
                "forebay.cache.loader.posts.parameters | 2",
                "forebay.cache.loader.posts.parameters | 0",
                "forebay.cache.loader.posts.parameters | x",
                "forebay.cache.loader.posts.rows | all"
            })
    void whatIsWrongIsReportedWhereItIs(String key, String value) {
        Map<String, String> settings = posts("SELECT ?");
        settings.put(key, value);

        assertThat(problems(settings)).containsExactly(key);
    }

    @Test
    void everythingIsReportedAtOnce() {
        assertThat(problems(Map.of(
                        "forebay.datasource.shop.pool.size", "x",
                        "forebay.cache.loader.posts.datasource", "shop",
                        "forebay.cache.loader.users.sql", "SELECT 1",
                        "forebay.cache.loader.tagged.tags", "a")))
                .containsExactlyInAnyOrder(
                        "forebay.datasource.shop.pool.size",
                        "forebay.datasource.shop.url",
                        "forebay.cache.loader.posts.sql",
                        "forebay.cache.loader.users.datasource",
                        "forebay.cache.loader.tagged.url");
    }

    @Test
    void aPasswordIsNotShown() {
        ConfigReader reader = ConfigReader.of(Map.of(
                "forebay.datasource.shop.url", "jdbc:postgresql://db/shop?password=sesame",
                "forebay.cache.loader.posts.url", "http://reader:sesame@example.com/",
                "forebay.datasource.shop.password", "sesame"));

        LoadersConfig config = LoadersConfig.read(reader);

        assertThat(config.toString()).doesNotContain("sesame");
        assertThat(reader.effective().toString()).doesNotContain("sesame");
        assertThat(catchThrowableOfType(InvalidConfigException.class, reader::finish))
                .message()
                .contains("forebay.datasource.shop.url")
                .doesNotContain("sesame");
    }
}
