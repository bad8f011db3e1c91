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
        try {
            Path file = Files.createTempFile("forebay-model", ".yaml");
            file.toFile().deleteOnExit();
            return Map.of("forebay.sync.model", Files.writeString(file, model).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
