package io.forebay.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void makesTheDirectoryAndMarksItsLayout() throws IOException {
        Path root = temporary.resolve("new/data dir");

        try (DataDirectory data = DataDirectory.open(root)) {
            assertThat(data.state()).isDirectory();
            assertThat(data.kafka()).isEqualTo(root.resolve("kafka"));
        }

        assertThat(root.resolve("version")).hasContent("1");
        assertThat(root.resolve("lock"))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void canBeOpenedAgainAfterItWasClosed() {
        DataDirectory.open(temporary).close();

        try (DataDirectory data = DataDirectory.open(temporary)) {
            assertThat(data.root()).isEqualTo(temporary);
        }
    }

    @Test
    void isHeldOncePerProcess() {
        try (DataDirectory held = DataDirectory.open(temporary)) {
            assertThatThrownBy(() -> DataDirectory.open(held.root()))
                    .isInstanceOf(StartException.class)
                    .hasMessage("data directory %s is in use by this process", temporary);
        }
    }

    @Test
    void anotherProcessIsNamedByItsId() throws Exception {
        try (DataDirectory held = DataDirectory.open(temporary)) {
            Process other = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            held.root().toString()))
                    .redirectErrorStream(true)
                    .start();

            assertThat(new String(other.getInputStream().readAllBytes(), UTF_8))
                    .contains("in use by process " + ProcessHandle.current().pid())
                    .contains("--data-dir");
            assertThat(other.waitFor()).isEqualTo(3);
        }
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsToldAsSuch() throws IOException {
        Path file = Files.writeString(temporary.resolve("data"), "");

        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void newerLayoutIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(temporary.resolve("version"), "99\n");

        assertThatThrownBy(() -> DataDirectory.open(temporary))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("layout \"99\"");
        assertThat(temporary.resolve("state")).doesNotExist();
    }

    /** A process of its own that tries to open the directory it is given. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] args) {
            try (DataDirectory data = DataDirectory.open(Path.of(args[0]))) {
                System.out.println("opened " + data.root());
            } catch (StartException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
        }
    }
}
