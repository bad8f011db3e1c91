package io.forebay.config;

import java.util.List;
import java.util.Map;

/** The reference page of all keys, made from the keys themselves. */
public final class ConfigReference {

    private static final String HEAD = """
            # Configuration reference

            For whoever runs Forebay. A configuration is a properties file in UTF-8 (`forebay run --config FILE`); single
            settings go before it with `--set KEY=VALUE`. Everything that is wrong with it is reported at once, and nothing is
            started. `forebay config --config FILE` shows what is in effect.

            Keys that do not begin with `forebay.` pass through to Kafka's clients, Kafka Streams and the serdes as they are:
            `bootstrap.servers`, `security.protocol`, `sasl.jaas.config`, `schema.registry.url`, and with the prefixes
            `consumer.`, `producer.` and `admin.` to clients of one kind. Values may refer to secrets:
            `${file:/run/secrets/forebay.properties:password}` or `${env:NAME}`.

            This page is generated from the keys' declarations.
            """;

    private ConfigReference() {}

    /**
     * Renders the page.
     *
     * @param sections title to keys, in the order in which they are to stand
     */
    public static String render(Map<String, List<Key<?>>> sections) {
        StringBuilder page = new StringBuilder(HEAD);
        sections.forEach((title, keys) -> {
            page.append("\n## ").append(title).append('\n');
            page.append("\n| key | type | default | allowed | what it does |\n| --- | --- | --- | --- | --- |\n");
            for (Key<?> key : keys) {
                page.append("| `%s` | %s | %s | %s | %s |%n"
                        .formatted(
                                key.name(),
                                key.type(),
                                key.fallback() == null || key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`",
                                key.allowed().replace("|", "\\|"),
                                key.doc().replace("|", "\\|")));
            }
        });
        return page.toString();
    }
}
