package io.forebay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.process.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code forebay run} says and answers where it cannot start, and that it stops and resumes cleanly. */
class LauncherIT {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    @Test
    void keepsItsDataOverACleanStop(@TempDir Path data) {
        try (ForebayProcess forebay = ForebayProcess.start(data)) {
            forebay.client()
                    .put("/v1/presences/1/2", "{\"user\":{\"id\":\"2\"},\"status\":\"dnd\"}")
                    .orFail();

            int status = forebay.stop();
            forebay.restart();

            assertThat(status).isZero();
            assertThat(forebay.client().get("/v1/presences/1/2").orFail().text())
                    .isEqualTo("{\"user\":{\"id\":\"2\"},\"status\":\"dnd\"}");
        }
    }

    @Test
    void takenPortIsSaidInOneLine(@TempDir Path data) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ChildJvm run = run(data, "--port", Integer.toString(taken.getLocalPort()));

            int status = run.awaitExit(ENDS_WITHIN);

            assertThat(status).isNotZero();
            assertThat(complaint(run)).contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void dataDirectoryInUseIsSaidInOneLine(@TempDir Path data) {
        try (ForebayProcess first = ForebayProcess.start(data)) {
            ChildJvm second = run(data);

            int status = second.awaitExit(ENDS_WITHIN);

            assertThat(status).isNotZero();
            assertThat(complaint(second)).contains(data.toString());
            assertThat(first.client().get("/livez").status()).isEqualTo(200);
        }
    }

    @Test
    void unwritableDataDirectoryIsSaidInOneLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        ChildJvm run = run(file.resolve("data"));
        int status = run.awaitExit(ENDS_WITHIN);

        assertThat(status).isNotZero();
        assertThat(complaint(run)).contains(file.toString());
    }

    @Test
    void everyProblemOfAConfigIsSaid(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(
                directory.resolve("forebay.properties"),
                "bootstrap.servers=127.0.0.1:1\nforebay.no.such.key=1\nforebay.http.port=eighty\n");

        ChildJvm run = ForebayProcess.launch(List.of("run", "--config", config.toString()));
        int status = run.awaitExit(ENDS_WITHIN);

        assertThat(status).isNotZero();
        assertThat(run.output()).contains("forebay.no.such.key").contains("forebay.http.port");
    }

    private static ChildJvm run(Path data, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "run",
                "--data-dir",
                data.toString(),
                "--kafka-port",
                Integer.toString(FreePort.any()),
                "--registry-port",
                Integer.toString(FreePort.any())));
        if (more.length == 0) {
            arguments.addAll(List.of("--port", Integer.toString(FreePort.any())));
        }
        arguments.addAll(List.of(more));
        return ForebayProcess.launch(arguments);
    }

    /** The one line that says why it did not start: no stack trace beside it. */
    private static String complaint(ChildJvm run) {
        assertThat(run.output()).doesNotContain("\tat ");
        return run.output();
    }
}
