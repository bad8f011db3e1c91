package io.forebay.cache.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.config.ConfigReader;
import io.forebay.config.InvalidConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults, mapping and refusals of the tables that caches depend on, and which table is which. */
class ChangesConfigTest {

    private static final Columns ROW = Map.of("id", "7", "name", "a/b")::get;

    private static ChangesConfig read(Map<String, String> settings) {
        ConfigReader reader = ConfigReader.of(settings);
        ChangesConfig config = ChangesConfig.read(reader);
        reader.finish();
        return config;
    }

    private static Entries entries(String narrowed) {
        return Dependency.parse("c", "t " + narrowed).of(ROW);
    }

    @Test
    void nothingConfiguredIsTheDefaults() {
        assertThat(read(Map.of())).isEqualTo(ChangesConfig.defaults());
        assertThat(ChangesConfig.defaults()).isEqualTo(new ChangesConfig(List.of(), 1_000));
    }

    @Test
    void everyKeyIsMapped() {
        ChangesConfig config = read(Map.of(
                "forebay.cache.tables.posts", "public.posts",
                "forebay.cache.tables.users", "public.* key users/{id}/** ,tracks tag by:{id}",
                "forebay.cache.changes.max", "5"));

        assertThat(config)
                .isEqualTo(new ChangesConfig(
                        List.of(
                                new Dependency("posts", new TablePattern("public.posts"), EntryTemplate.ALL),
                                new Dependency(
                                        "users",
                                        new TablePattern("public.*"),
                                        EntryTemplate.ByKey.parse("users/{id}/**")),
                                new Dependency(
                                        "users", new TablePattern("tracks"), EntryTemplate.ByTag.parse("by:{id}"))),
                        5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forebay.cache.tables.posts | ''",
                "forebay.cache.tables.posts | a b",
                "forebay.cache.tables.posts | a,",
                "forebay.cache.tables.posts | public.*x",
                "forebay.cache.tables.posts | p key",
                "forebay.cache.tables.posts | p match x",
                "forebay.cache.tables.posts | p key a/**/b",
                "forebay.cache.tables.posts | p key a*",
                "forebay.cache.tables.posts | p key {id",
                "forebay.cache.tables.posts | p key {}",
                "forebay.cache.tables.posts | p key id}",
                "forebay.cache.tables.posts | p key %zz",
                "forebay.cache.tables.posts | p key ä",
                "forebay.cache.tables.posts | p tag {id",
                "forebay.cache.tables.a b | p",
                "forebay.cache.changes.max | 0",
            })
    void whatIsAgainstARuleIsRefused(String key, String value) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .satisfies(problem -> assertThat(problem.key()).isEqualTo(key)));
    }

    @ParameterizedTest
    @CsvSource({
        "public.users, public.users, true",
        "public.users, app.users, false",
        "public.users, users, false",
        "users, users, true",
        "users, public.users, true",
        "users, public.super_users, false",
        "users, public.superusers, false",
        "public.*, public.users, true",
        "public.*, publics.users, false",
        "public.*, users, false",
        "*, users, true",
        "*, public.users, true",
    })
    void aPatternNamesTables(String pattern, String table, boolean matches) {
        assertThat(new TablePattern(pattern).matches(table)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "key {id}, cache%3Ac/7",
        "key *, cache%3Ac/*",
        "key **, cache%3Ac/**",
        "key users/{id}/**, cache%3Ac/users/7/**",
        "key user-{id}-{name}/*, cache%3Ac/user-7-a%2Fb/*",
        "key a%2Fb/{name}, cache%3Ac/a%2Fb/a%2Fb",
        "key users/{other}/{id}, cache%3Ac/users/*/7",
        "key x-{other}/{id}, cache%3Ac/*/7",
        "tag {other}, cache%3Ac/**",
    })
    void aTemplateIsFilledIn(String narrowed, String match) {
        assertThat(entries(narrowed)).hasToString("Matching[match=" + match + "]");
    }

    @Test
    void aTagIsFilledIn() {
        assertThat(entries("tag all of {name} / {id}")).isEqualTo(new Entries.Tagged("c", "all of a/b / 7"));
    }
}
