package io.forebay.cli;

import io.forebay.config.ConfigReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where settings come from: a file, single settings before it, options before both. */
final class SettingsOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file; its keys are in the configuration reference.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, before those of the file. May be repeated.")
    private Map<String, String> single = new LinkedHashMap<>();

    @Nullable
    Path file() {
        return file;
    }

    /** Everything that is set; options of the command go before all else. */
    ConfigReader reader(Map<String, String> options) {
        Map<String, String> overrides = new LinkedHashMap<>(single);
        overrides.putAll(options);
        return ConfigReader.of(file, overrides);
    }
}
