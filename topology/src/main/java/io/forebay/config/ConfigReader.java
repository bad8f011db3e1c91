package io.forebay.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration and collects everything that is wrong with it.
 *
 * <p>Keys that begin with {@code forebay.} are Forebay's own: each has a rule, and one that nobody asked for is a problem.
 * All other keys pass through to Kafka's clients, Kafka Streams and the serdes as they are ({@code bootstrap.servers},
 * {@code security.protocol}, {@code schema.registry.url}, {@code consumer.…}). A value may refer to a secret by Kafka's
 * config providers: <code>${file:/run/secrets/forebay.properties:key}</code>, <code>${env:NAME}</code>.
 */
public final class ConfigReader {

    private static final String OURS = "forebay.";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(file|env):");
    private static final String MASKED = "(hidden)";

    /** In a URL, where they may be by mistake. */
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)password=|//[^/?#\\s]*:[^/?#\\s]*@");

    private final Map<String, String> values;
    private final Set<String> secretReferences;
    private final Map<String, Key<?>> asked = new LinkedHashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigReader(Map<String, String> values, Set<String> secretReferences) {
        this.values = values;
        this.secretReferences = secretReferences;
    }

    /**
     * Reads settings; references are resolved.
     *
     * @param settings name to value
     */
    public static ConfigReader of(Map<String, String> settings) {
        Set<String> references = new LinkedHashSet<>();
        settings.forEach((key, value) -> {
            if (value.contains("${")) {
                references.add(key);
            }
        });
        ConfigReader reader = new ConfigReader(new TreeMap<>(settings), references);
        if (!references.isEmpty()) {
            reader.resolve();
        }
        return reader;
    }

    /**
     * Reads a properties file, in UTF-8, with settings that go before those of the file.
     *
     * @throws InvalidConfigException when the file cannot be read
     */
    public static ConfigReader of(@Nullable Path file, Map<String, String> overrides) {
        Map<String, String> settings = new TreeMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new InvalidConfigException(
                        List.of(new ConfigProblem("--config", file.toString(), "a readable properties file in UTF-8")));
            }
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        }
        settings.putAll(overrides);
        return of(settings);
    }

    /** The value of a key that has a default. When its rule is broken that is a problem, and the default is answered. */
    public <T> T get(Key<T> key) {
        return Objects.requireNonNull(find(key), key.name() + " has a default");
    }

    /** The value of a key, null when it is absent and has no default. */
    public <T> @Nullable T find(Key<T> key) {
        asked.put(key.name(), key);
        String text = values.get(key.name());
        if (text != null) {
            try {
                return key.parser().apply(text.strip());
            } catch (IllegalArgumentException | ArithmeticException e) {
                problem(key.name(), key.allowed());
            }
        }
        String fallback = key.fallback();
        return fallback == null ? null : key.parser().apply(fallback);
    }

    /** Whether a key is set. */
    public boolean isSet(Key<?> key) {
        return values.containsKey(key.name());
    }

    /**
     * The names for which a family of keys is set: those between its prefix and one of its suffixes.
     *
     * @param prefix such as {@code forebay.cache.loader.}
     * @param suffixes such as {@code .url}, of which none ends with another
     */
    public Set<String> names(String prefix, List<String> suffixes) {
        Set<String> names = new TreeSet<>();
        for (String key : values.keySet()) {
            for (String suffix : suffixes) {
                if (key.startsWith(prefix)
                        && key.endsWith(suffix)
                        && key.length() > prefix.length() + suffix.length()) {
                    names.add(key.substring(prefix.length(), key.length() - suffix.length()));
                }
            }
        }
        return names;
    }

    /** Adds a problem that a rule over several keys found; it is reported at one of them. */
    public void problem(String key, String allowed) {
        problems.add(new ConfigProblem(key, shown(key), allowed));
    }

    /**
     * Makes a config from values that were read, turning what its own checks refuse into a problem.
     *
     * @param key the key that the problem is reported at
     * @param fallback answered in that case
     */
    public <T> T make(String key, Supplier<T> config, Supplier<T> fallback) {
        try {
            return config.get();
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()));
            return fallback.get();
        }
    }

    /** The settings that are not Forebay's own, for Kafka's clients. */
    public Map<String, String> passedThrough() {
        Map<String, String> passed = new TreeMap<>(values);
        passed.keySet().removeIf(name -> name.startsWith(OURS));
        return passed;
    }

    /** All settings in effect, those asked for with their defaults, secrets hidden; by name. */
    public Map<String, String> effective() {
        Map<String, String> effective = new TreeMap<>();
        values.keySet().forEach(name -> effective.put(name, shown(name)));
        asked.forEach((name, key) -> {
            if (!values.containsKey(name)) {
                effective.put(name, Objects.requireNonNullElse(key.fallback(), ""));
            }
        });
        return effective;
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidConfigException when there was any problem, a key of Forebay's that nobody asked for included
     */
    public void finish() {
        List<ConfigProblem> all = new ArrayList<>(problems);
        for (String name : values.keySet()) {
            if (name.startsWith(OURS) && !asked.containsKey(name)) {
                all.add(new ConfigProblem(name, shown(name), "a key of the configuration reference; this is none"));
            }
        }
        if (!all.isEmpty()) {
            all.sort(Comparator.comparing(ConfigProblem::key));
            throw new InvalidConfigException(all);
        }
    }

    private String shown(String name) {
        Key<?> key = asked.get(name);
        boolean hidden = (key != null && key.secret())
                || secretReferences.contains(name)
                || name.contains("password")
                || name.contains("secret")
                || name.contains("sasl.jaas.config")
                || name.contains("user.info");
        String value = values.get(name);
        if (value == null) {
            return "(absent)";
        }
        return hidden || CREDENTIALS.matcher(value).find() ? MASKED : value;
    }

    private void resolve() {
        Map<String, ConfigProvider> providers = new LinkedHashMap<>();
        providers.put("file", new FileConfigProvider());
        providers.put("env", new EnvVarConfigProvider());
        try {
            providers.values().forEach(provider -> provider.configure(Map.of()));
            ConfigTransformer transformer = new ConfigTransformer(providers);
            for (String name : secretReferences) {
                String reference = Objects.requireNonNull(values.get(name));
                try {
                    String resolved = transformer
                            .transform(Map.of(name, reference))
                            .data()
                            .get(name);
                    if (resolved == null
                            || resolved.equals(reference)
                            || REFERENCE.matcher(resolved).find()) {
                        unresolved(name);
                    } else {
                        values.put(name, resolved);
                    }
                } catch (ConfigException e) {
                    unresolved(name);
                }
            }
        } finally {
            providers.values().forEach(ConfigReader::closeQuietly);
        }
    }

    private void unresolved(String name) {
        values.remove(name);
        problems.add(new ConfigProblem(
                name, MASKED, "a reference ${file:PATH:KEY} or ${env:NAME} to something that is there and readable"));
        asked.computeIfAbsent(name, absent -> Key.text(absent, null, "", Pattern.compile(".*"), ""));
    }

    private static void closeQuietly(ConfigProvider provider) {
        try {
            provider.close();
        } catch (IOException nothingIsHeldOpen) {
            throw new IllegalStateException(nothingIsHeldOpen);
        }
    }
}
