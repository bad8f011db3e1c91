package io.forebay.cache;

import io.forebay.cache.loader.TagTemplates;
import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The caches that load by themselves, each by its name, and the bounds of their loads.
 *
 * @param origins URL that a cache loads from; it ends with a slash
 * @param tags what everything that a cache loads is tagged with
 * @param timeout how long a load may take
 * @param mostLoads under way at a time, of all caches
 */
public record LoadersConfig(Map<String, URI> origins, Map<String, TagTemplates> tags, Duration timeout, int mostLoads) {

    public LoadersConfig {
        origins = Map.copyOf(origins);
        tags = Map.copyOf(tags);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " is not positive");
        }
        if (mostLoads < 1) {
            throw new IllegalArgumentException("mostLoads: " + mostLoads + " is less than 1");
        }
    }

    /** No cache loads by itself. */
    public static LoadersConfig defaults() {
        return new LoadersConfig(Map.of(), Map.of(), Duration.ofSeconds(5), 64);
    }

    /** The caches that load by themselves. */
    public Set<String> caches() {
        return origins.keySet();
    }

    private static final LoadersConfig DEFAULTS = defaults();

    private static final String PREFIX = "forebay.cache.loader.";
    private static final List<String> SUFFIXES = List.of(".url", ".tags");
    private static final Pattern CACHE = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern URL = Pattern.compile("https?://[^/?#,\\s]+(/[^?#,\\s]*)?");

    static final Key<Duration> TIMEOUT = Key.duration(
            "forebay.cache.load.timeout",
            DEFAULTS.timeout(),
            Duration.ofMillis(10),
            CacheRules.LONGEST_LEASE,
            "How long a load by the cache itself may take. Shorter than forebay.cache.lease.");

    private static final Key<Integer> MOST_LOADS = Key.integer(
            "forebay.cache.load.max",
            DEFAULTS.mostLoads(),
            1,
            10_000,
            "Loads by caches themselves under way at a time; more are refused.");

    private static Key<URI> url(String cache) {
        return new Key<>(
                PREFIX + cache + ".url",
                "URL",
                null,
                "an http or https URL without user, query and fragment",
                false,
                "Where the cache loads from by itself: a GET of the URL with the parts of the entry's key behind it. A 200 is"
                        + " the value, and the groups in its Cache-Groups are the entry's tags.",
                LoadersConfig::origin);
    }

    private static Key<TagTemplates> tags(String cache) {
        return new Key<>(
                PREFIX + cache + ".tags",
                "list",
                null,
                TagTemplates.RULE,
                false,
                "Tags of everything that the cache loads by itself, such as posts, author-{2}.",
                TagTemplates::parse);
    }

    /** All keys, for the reference. */
    static List<Key<?>> keys() {
        return List.of(TIMEOUT, MOST_LOADS, url("<cache>"), tags("<cache>"));
    }

    static LoadersConfig read(ConfigReader reader) {
        Map<String, URI> origins = new HashMap<>();
        Map<String, TagTemplates> tags = new HashMap<>();
        for (String cache : reader.names(PREFIX, SUFFIXES)) {
            Key<URI> url = url(cache);
            URI origin = reader.find(url);
            if (origin != null) {
                origins.put(cache, origin);
            } else if (!reader.isSet(url)) {
                reader.problem(url.name(), url.allowed());
            }
            TagTemplates templates = reader.find(tags(cache));
            if (templates != null) {
                tags.put(cache, templates);
            }
            checkName(cache, url, reader);
        }
        return new LoadersConfig(origins, tags, reader.get(TIMEOUT), reader.get(MOST_LOADS));
    }

    /** What a cache is called in the name of a key. */
    static void checkName(String cache, Key<?> key, ConfigReader reader) {
        if (!CACHE.matcher(cache).matches()) {
            reader.problem(key.name(), "a key with a cache's name of letters, digits and ._~-");
        }
    }

    private static URI origin(String text) {
        if (!URL.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        URI origin = URI.create(text.endsWith("/") ? text : text + "/");
        if (origin.getHost() == null || origin.getUserInfo() != null) {
            throw new IllegalArgumentException(text);
        }
        return origin;
    }
}
