package io.forebay.it.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Files of models. */
public final class Models {
    private Models() {}

    /** The setting by which an instance has a model. */
    public static Map<String, String> setting(String model) {
        return Map.of("forebay.sync.model", file("forebay-model", model));
    }

    /** The settings by which an instance has a model and rules. */
    public static Map<String, String> settings(String model, String rules) {
        return Map.of(
                "forebay.sync.model", file("forebay-model", model), "forebay.sync.rules", file("forebay-rules", rules));
    }

    private static String file(String name, String text) {
        try {
            Path file = Files.createTempFile(name, ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
