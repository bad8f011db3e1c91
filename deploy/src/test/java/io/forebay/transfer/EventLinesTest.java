package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.transfer.EventLines.Line;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLinesTest {

    @TempDir
    Path directory;

    @Test
    void linesHaveNumbersAndPlaces() throws Exception {
        EventLines lines = lines("{}\n\n \r\n{\"a\":1}\r\nlast");

        assertThat(describe(lines.next())).isEqualTo("1 to 3 {}");
        assertThat(describe(lines.next())).isEqualTo("4 to 16 {\"a\":1}\r");
        assertThat(describe(lines.next())).isEqualTo("5 to 20 last");
        assertThat(lines.next()).isNull();
    }

    @Test
    void linesGoOnFromAPlace() throws Exception {
        EventLines lines = new EventLines(new ByteArrayInputStream("b\n".getBytes(StandardCharsets.UTF_8)), 2, 1, 100);

        assertThat(describe(lines.next())).isEqualTo("2 to 4 b");
    }

    @Test
    void aLineThatIsTooLongIsToldByItsNumber() throws Exception {
        EventLines lines = lines("ok\n" + "x".repeat(101));
        lines.next();

        assertThatThrownBy(lines::next)
                .isInstanceOf(BadLineException.class)
                .hasMessage("line 2 has more than 100 bytes");
    }

    @Test
    void theLineBeforeAPlaceIsFoundWhateverItsLength() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path file = directory.resolve("lines");
        List<Line> read = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 200_000 : 100);
            Files.writeString(
                    file,
                    String.valueOf((char) ('a' + i % 26)).repeat(length) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        try (InputStream in = Files.newInputStream(file);
                FileChannel channel = FileChannel.open(file)) {
            EventLines lines = new EventLines(in, 0, 0, 1_000_000);
            for (Line line = lines.next(); line != null; line = lines.next()) {
                read.add(line);
                assertThat(LastLine.before(channel, line.end()))
                        .as("seed %d", seed)
                        .isEqualTo(line.text());
                if (line.text().length > 1) {
                    assertThat(LastLine.before(channel, line.end() - 1))
                            .as("seed %d", seed)
                            .isNull();
                }
            }
            assertThat(LastLine.before(channel, channel.size() + 1)).isNull();
            assertThat(LastLine.before(channel, 0)).isNull();
        }

        assertThat(read).as("seed %d", seed).hasSize(50);
    }

    private static EventLines lines(String text) {
        return new EventLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 0, 0, 100);
    }

    private static String describe(@Nullable Line line) {
        return line == null
                ? "none"
                : line.number() + " to " + line.end() + " " + new String(line.text(), StandardCharsets.UTF_8);
    }
}
