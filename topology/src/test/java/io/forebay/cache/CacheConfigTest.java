package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cache.loader.TagTemplates;
import io.forebay.config.ConfigReader;
import io.forebay.config.InvalidConfigException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults, mapping and refusals of the configuration of caches. */
class CacheConfigTest {

    private static CacheConfig read(Map<String, String> settings) {
        ConfigReader reader = ConfigReader.of(settings);
        CacheConfig config = CacheConfig.read(reader);
        reader.finish();
        return config;
    }

    @Test
    void nothingConfiguredIsTheDefaults() {
        assertThat(read(Map.of())).isEqualTo(CacheConfig.defaults());
        assertThat(CacheConfig.defaults())
                .isEqualTo(new CacheConfig(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        LoadersConfig.defaults(),
                        Set.of(),
                        CachePolicy.none()));
    }

    @Test
    void everyKeyIsMapped() {
        CacheConfig config = read(Map.of(
                "forebay.cache.lease", "30s",
                "forebay.cache.wait", "7s",
                "forebay.cache.loader.posts.url", "http://origin:8080/posts",
                "forebay.cache.loader.posts.tags", "posts, author-{2}",
                "forebay.cache.loader.users.url", "https://u.example/",
                "forebay.cache.stale.on.error", "posts",
                "forebay.cache.load.timeout", "20s",
                "forebay.cache.load.max", "3",
                "forebay.cache.entries.posts.stale.while.revalidate", "30s",
                "forebay.cache.entries.users.max", "1000"));

        assertThat(config)
                .isEqualTo(new CacheConfig(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(7),
                        new LoadersConfig(
                                Map.of(
                                        "posts", URI.create("http://origin:8080/posts/"),
                                        "users", URI.create("https://u.example/")),
                                Map.of(),
                                Map.of(),
                                Map.of("posts", new TagTemplates(List.of("posts", "author-{2}"))),
                                Duration.ofSeconds(20),
                                3),
                        Set.of("posts"),
                        new CachePolicy(Map.of("posts", Duration.ofSeconds(30)), Map.of("users", 1_000))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forebay.cache.lease | 11m",
                "forebay.cache.wait | 61s",
                "forebay.cache.loader.posts.url | posts",
                "forebay.cache.loader.posts.url | ftp://x/",
                "forebay.cache.loader.posts.url | http://x/?a=b",
                "forebay.cache.loader.posts.url | http://user:pw@x/",
                "forebay.cache.loader.posts.url | http://x/%zz",
                "forebay.cache.loader.po/sts.url | http://x/",
                "forebay.cache.loader.posts.tags | posts",
                "forebay.cache.loader.url | http://x/",
                "forebay.cache.stale.on.error | posts",
                "forebay.cache.load.max | 0",
                "forebay.cache.entries.posts.stale.while.revalidate | 0s",
                "forebay.cache.entries.posts.stale.while.revalidate | 31d",
                "forebay.cache.entries.po:sts.stale.while.revalidate | 30s",
                "forebay.cache.entries.stale.while.revalidate | 30s",
                "forebay.cache.entries.posts.max | 0",
                "forebay.cache.entries.posts.max | 1.5",
                "forebay.cache.entries.max | 5"
            })
    void whatIsWrongIsReported(String key, String value) {
        assertThatThrownBy(() -> read(Map.of(key, value))).isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void aLoadIsShorterThanItsLeaseWhereThereAreLoads() {
        assertThat(read(Map.of("forebay.cache.lease", "3s")).lease()).isEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(
                        () -> read(Map.of("forebay.cache.lease", "3s", "forebay.cache.loader.posts.url", "http://x/")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("forebay.cache.load.timeout");
    }
}
