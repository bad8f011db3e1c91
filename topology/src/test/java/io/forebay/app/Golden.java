package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that say what something looked like when somebody last looked. Changing one is a deliberate act. */
final class Golden {

    private Golden() {}

    /** Compares, or writes the file when the tests run with {@code -Dgolden.write}. */
    static void check(Path file, String actual) throws IOException {
        if (System.getProperty("golden.write") != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .as("%s; run the test with -Dgolden.write to take over what changed", file)
                .isEqualTo(Files.readString(file));
    }
}
