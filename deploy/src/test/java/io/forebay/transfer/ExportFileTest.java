package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.transfer.EventExport.Existing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFileTest {

    @TempDir
    Path directory;

    private Path file = Path.of("");
    private Path progress = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("events.ndjson");
        progress = directory.resolve("events.ndjson.progress");
    }

    @Test
    void nothingIsWrittenBeforeThereAreEvents() {
        ExportFile.open(file, Existing.REFUSE, "").close();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void progressIsBesideTheFileUntilItIsComplete() throws IOException {
        try (ExportFile export = ExportFile.open(file, Existing.REFUSE, "")) {
            export.write(events("a", "b"), at("c1", 2));
            assertThat(progress).content().contains("\"cursor\":\"c1\"", "\"bytes\":4");

            export.write(events("c"), at(null, 3));
            export.complete();
        }

        assertThat(file).hasContent("a\nb\nc\n");
        assertThat(directory.toFile().list()).containsExactly("events.ndjson");
    }

    @Test
    void anExportGoesOnBehindWhatIsCertain() throws IOException {
        cutOff("b\n{\"half");

        try (ExportFile export = ExportFile.open(file, Existing.RESUME, "")) {
            ExportProgress begun = Objects.requireNonNull(export.begun());
            assertThat(begun).isEqualTo(at("c1", 1).withBytes(2));
            assertThat(export.last()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
            export.write(events("b", "c"), at(null, 3));
            export.complete();
        }

        assertThat(file).hasContent("a\nb\nc\n");
    }

    @Test
    void whatWasWrittenIsKeptWhereAnExportFails() {
        try (ExportFile export = ExportFile.open(file, Existing.REFUSE, "")) {
            export.write(events("a"), at("c1", 1));
            export.write(events("b"), at("c2", 2));
        }

        assertThat(progress).content().contains("\"cursor\":\"c2\"", "\"bytes\":4");
    }

    @Test
    void aFileThatIsThereIsNotTouched() throws IOException {
        Files.writeString(file, "mine");

        assertThatThrownBy(() -> ExportFile.open(file, Existing.REFUSE, ""))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("--overwrite")
                .hasMessageNotContaining("--resume");
        assertThatThrownBy(() -> ExportFile.open(file, Existing.RESUME, "")).hasMessageContaining("is complete or");
        assertThat(file).hasContent("mine");
    }

    @Test
    void oneThatWasCutOffIsNotTouchedUnasked() throws IOException {
        cutOff("");

        assertThatThrownBy(() -> ExportFile.open(file, Existing.REFUSE, "")).hasMessageContaining("--resume goes on");
    }

    @Test
    void oneThatIsOverwrittenIsGone() throws IOException {
        cutOff("more");

        try (ExportFile export = ExportFile.open(file, Existing.OVERWRITE, "")) {
            assertThat(export.begun()).isNull();
            export.write(events("z"), at(null, 1));
            export.complete();
        }

        assertThat(file).hasContent("z\n");
    }

    @Test
    void oneOfOtherEventsIsNotGoneOnWith() throws IOException {
        cutOff("");

        assertThatThrownBy(() -> ExportFile.open(file, Existing.RESUME, "type=x"))
                .hasMessageContaining("other options");
    }

    @Test
    void oneThatWasChangedIsNotGoneOnWith() throws IOException {
        cutOff("");
        Files.writeString(file, "x");

        try (ExportFile export = ExportFile.open(file, Existing.RESUME, "")) {
            assertThatThrownBy(export::last).hasMessageContaining("has been changed");
        }
    }

    @Test
    void progressThatIsNoneIsTold() throws IOException {
        cutOff("");
        Files.writeString(progress, "{}");

        assertThatThrownBy(() -> ExportFile.open(file, Existing.RESUME, ""))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("events.ndjson.progress");
    }

    @Test
    void whereNothingWasBegunResumptionBegins() {
        try (ExportFile export = ExportFile.open(file, Existing.RESUME, "")) {
            assertThat(export.begun()).isNull();
        }
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThatThrownBy(() -> ExportFile.open(directory, Existing.OVERWRITE, ""))
                .hasMessageContaining("not a file");
    }

    /** Leaves one event that is certain, and what was written behind it. */
    private void cutOff(String behind) throws IOException {
        try (ExportFile export = ExportFile.open(file, Existing.REFUSE, "")) {
            export.write(events("a"), at("c1", 1));
        }
        Files.writeString(file, behind, StandardOpenOption.APPEND);
    }

    private static ExportProgress at(@Nullable String cursor, long count) {
        return new ExportProgress("", "P", cursor, 3, count, 0);
    }

    private static List<byte[]> events(String... lines) {
        return List.of(lines).stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
