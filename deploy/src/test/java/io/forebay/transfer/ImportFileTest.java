package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportFileTest {
    private static final String HERE = "http://here";

    @TempDir
    Path directory;

    private final List<String> notes = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("events.ndjson"), "first\nsecond\nthird\n");
    }

    @Test
    void anImportGoesOnBehindTheLastLineThatIsImported() throws Exception {
        cutOffAfterSecond();

        try (ImportFile source = open(HERE, true)) {
            EventLines.Line line = Objects.requireNonNull(source.lines().next());
            assertThat(line.number()).isEqualTo(3);
            assertThat(new String(line.text(), StandardCharsets.UTF_8)).isEqualTo("third");
            assertThat(source.begun().count()).isEqualTo(new ImportCount(2, 0, 0));
            source.complete();
        }

        assertThat(directory.toFile().list()).containsExactly("events.ndjson");
        assertThat(notes).isEmpty();
    }

    @Test
    void anImportThatIsNotToGoOnBeginsWithTheFirstLine() throws Exception {
        cutOffAfterSecond();

        try (ImportFile source = open(HERE, false)) {
            assertThat(Objects.requireNonNull(source.lines().next()).number()).isEqualTo(1);
        }
    }

    @Test
    void whatAnotherForebayGotDoneDoesNotCount() throws Exception {
        cutOffAfterSecond();

        try (ImportFile source = open("http://elsewhere", true)) {
            assertThat(source.begun().bytes()).isZero();
        }

        assertThat(notes).singleElement().asString().contains("another import");
    }

    @Test
    void whatWasDoneOfAnotherFileDoesNotCount() throws Exception {
        cutOffAfterSecond();
        Files.writeString(file, "first\nSECOND\nthird\n");

        try (ImportFile source = open(HERE, true)) {
            assertThat(source.begun().bytes()).isZero();
        }

        assertThat(notes).singleElement().asString().contains("does not fit");
    }

    @Test
    void anImportWorksWhereNothingCanBeKept() throws Exception {
        Files.createDirectories(directory.resolve("events.ndjson.imported/full"));

        try (ImportFile source = open(HERE, false)) {
            source.reached(second());
            source.reached(second());
            assertThat(source.advice()).isEmpty();
        }

        assertThat(notes).singleElement().asString().contains("cannot write", "events.ndjson.imported");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        file = directory.resolve("none");

        assertThatThrownBy(() -> open(HERE, false))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("none: there is no such file");
    }

    private void cutOffAfterSecond() {
        try (ImportFile source = open(HERE, false)) {
            source.reached(second());
        }
    }

    private static ImportProgress second() {
        byte[] line = "second".getBytes(StandardCharsets.UTF_8);
        return new ImportProgress(HERE, 13, 2, ImportedEvent.checksum(line), new ImportCount(2, 0, 0));
    }

    private ImportFile open(String kind, boolean resume) {
        return ImportFile.open(file, kind, resume, notes::add);
    }
}
