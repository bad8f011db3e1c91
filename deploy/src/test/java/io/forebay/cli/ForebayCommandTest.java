package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.deploy.DataDirectory;
import io.forebay.deploy.LocalPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ForebayCommandTest {

    @TempDir
    Path directory;

    @Test
    void helpNamesEveryCommandAndExitStatus() {
        Result result = execute("--help");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("run", "topics", "config", "version", "completion", "Exit status:");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : ForebayCommand.line().getSubcommands().keySet()) {
            assertThat(execute(command, "--help").out()).startsWith("Usage: forebay " + command);
        }
    }

    @Test
    void unknownOptionIsRefusedInTwoLines() {
        Result result = execute("run", "--prot", "1");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).startsWith("forebay: Unknown option").hasLineCount(2);
    }

    @Test
    void unknownCommandIsRefused() {
        Result result = execute("rum");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("'rum'");
    }

    @Test
    void everyProblemOfTheSettingsIsALine() {
        Result result = execute(
                "run",
                "--data-dir",
                directory.toString(),
                "--set",
                "forebay.nonsense=1",
                "--set",
                "forebay.http.port=http",
                "--set",
                "forebay.profile=fast");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("forebay: "))
                .anyMatch(line -> line.contains("forebay.nonsense"))
                .anyMatch(line -> line.contains("forebay.http.port"))
                .anyMatch(line -> line.contains("forebay.profile"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void openAddressWithoutIdentityIsRefused() {
        Result result = execute("run", "--data-dir", directory.toString(), "--host", "0.0.0.0");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("forebay.http.host");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void missingConfigFileIsTold() {
        Result result =
                execute("run", "--config", directory.resolve("none.properties").toString());

        assertThat(result.status()).isNotEqualTo(ExitStatus.OK);
        assertThat(result.err()).hasLineCount(1).contains("none.properties");
    }

    @Test
    void takenHttpPortStopsTheStartBeforeAnythingElse() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            Result result = execute(
                    "run", "--data-dir", directory.toString(), "--port", Integer.toString(taken.getLocalPort()));

            assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(result.err()).hasLineCount(1).contains("port " + taken.getLocalPort(), "--port");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void dataDirectoryInUseIsTold() {
        try (DataDirectory held = DataDirectory.open(directory)) {
            Result result =
                    execute("run", "--data-dir", held.root().toString(), "--port", "0", "--registry-port", free());

            assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(result.err()).contains("forebay: data directory " + held.root() + " is in use");
        }
    }

    @Test
    void dataDirectoryThatIsAFileIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        Result result = execute("run", "--data-dir", file.toString(), "--port", "0", "--registry-port", free());

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).contains("is not a directory");
    }

    @Test
    void completionKnowsTheOptions() {
        Result result = execute("completion");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("complete -F", "--data-dir", "topics");
    }

    @Test
    void completionKnowsErasure() {
        assertThat(execute("completion").out()).contains("erase", "--delete-records");
    }

    @Test
    void helpOfErasureTellsWhatIsTakenAlong() {
        Result result = execute("keys", "erase", "--help");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("NAMESPACE", "--match", "ALL other keys", "Exit status:");
    }

    @Test
    void erasureOfNothingIsRefused() {
        Result result = execute("keys", "erase", "ns");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("name a KEY or a --match");
    }

    @Test
    void erasureOfAKeyThatIsNotCanonicalIsRefused() {
        Result result = execute("keys", "erase", "ns", "a/%zz");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("KEY 'a/%zz'");
    }

    @Test
    void erasureInTwoNamespacesIsRefused() {
        assertThat(execute("keys", "erase", "ns/a", "b").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void helpOfAnImportTellsWhatIsNotCarriedOver() {
        Result result = execute("events", "import", "--help");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("sequence_number", "inserted_at", "stream_version", "erased", "Exit status:");
    }

    @Test
    void anExportThatCannotBeIsRefused() {
        for (String[] options : new String[][] {
            {"--resume"},
            {"--overwrite"},
            {"--page", "0"},
            {"--page", "1001"},
            {"--url", "127.0.0.1:8080"},
            {"--url", "http://me:secret@127.0.0.1"},
            {"--retry", "-1"},
            {"--token-file", directory.resolve("none").toString()},
            {"--out", directory.resolve("f").toString(), "--resume", "--overwrite"}
        }) {
            String[] arguments = Stream.concat(Stream.of("events", "export"), Stream.of(options))
                    .toArray(String[]::new);

            assertThat(execute(arguments).status())
                    .as(String.join(" ", options))
                    .isEqualTo(ExitStatus.USAGE);
        }
    }

    @Test
    void anImportThatCannotBeIsRefused() {
        assertThat(execute("events", "import").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("events", "import", "-", "--resume").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("events", "import", "-", "--batch", "0").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void anExportWithoutAForebayIsToldInOneLine() {
        Path file = directory.resolve("events.ndjson");

        Result result = execute("events", "export", "--out", file.toString(), "--url", "http://127.0.0.1:" + free());

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).hasLineCount(1).contains("http://127.0.0.1:", "does not answer: connection refused");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void helpOfErasureOfEventsTellsWhatIsLeft() {
        Result result = execute("events", "erase", "--help");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("DOMAIN", "INSTANCE", "in clear", "ALL other keys", "Exit status:");
    }

    @Test
    void erasureOfNoInstanceIsRefused() {
        Result result = execute("events", "erase", "users");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("INSTANCE");
    }

    @Test
    void erasureOfWhatIsNoInstanceIsRefused() {
        Result slash = execute("events", "erase", "users", "4/2");
        Result escape = execute("events", "erase", "users", "%zz");

        assertThat(slash.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(slash.err()).contains("'users/4/2'");
        assertThat(escape.status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void configHidesSecrets() {
        Result result = execute(
                "config",
                "--set",
                "bootstrap.servers=kafka:9092",
                "--set",
                "schema.registry.url=http://registry:8081",
                "--set",
                "sasl.jaas.config=hunter2",
                "--set",
                "forebay.cluster.secret=hunter2hunter2hunter2");

        assertThat(result.status()).isEqualTo(ExitStatus.OK);
        assertThat(result.out()).contains("bootstrap.servers = kafka:9092").doesNotContain("hunter2");
    }

    @Test
    void aModelIsImportedFromNothingButAPostgres() {
        Result result = execute("model", "import", "--jdbc-url", "jdbc:mysql://127.0.0.1/shop");

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).hasLineCount(1).contains("'jdbc:mysql://127.0.0.1/shop'", "jdbc:postgresql:");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        Result query = execute("model", "import", "--jdbc-url", "jdbc:postgresql://127.0.0.1/shop?password=hunter2");
        Result authority = execute("model", "import", "--jdbc-url", "jdbc:postgresql://me:hunter2@127.0.0.1/shop");

        assertThat(query.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(query.err()).hasLineCount(1).contains("password").doesNotContain("hunter2");
        assertThat(authority.err()).hasLineCount(1).contains("password").doesNotContain("hunter2");
    }

    @Test
    void aPasswordFileThatIsNotThereIsTold() {
        Path file = directory.resolve("secret");

        Result result = execute(
                "model",
                "import",
                "--jdbc-url",
                "jdbc:postgresql://127.0.0.1:1/shop",
                "--password-file",
                file.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).isEqualToIgnoringNewLines("forebay: " + file + " cannot be read");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsOneLine() {
        Result result = execute("model", "import", "--jdbc-url", "jdbc:postgresql://127.0.0.1:1/shop");

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).hasLineCount(1).startsWith("forebay: the database does not answer: ");
    }

    @Test
    void everyProblemOfAModelIsALine() throws IOException {
        Path file = Files.writeString(directory.resolve("model.yaml"), """
                tables:
                  posts:
                    columns: [title]
                    assocs:
                      author: {kind: belongs_to, table: users, fk: author_id}
                """);

        Result result = execute("model", "check", file.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err().lines())
                .hasSizeGreaterThan(1)
                .allMatch(line -> line.startsWith("forebay: /tables/posts"))
                .anyMatch(line -> line.startsWith("forebay: /tables/posts/assocs/author/"));
    }

    @Test
    void aModelThatIsRightIsCounted() throws IOException {
        Path file = Files.writeString(directory.resolve("model.yaml"), """
                tables:
                  users:
                    columns: [id]
                    assocs:
                      posts: {kind: has_many, table: posts, fk: author_id}
                  posts:
                    columns: [id, author_id]
                """);

        Result result = execute("model", "check", file.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualToIgnoringNewLines(file + ": 2 tables, 1 associations");
    }

    private static String free() {
        return Integer.toString(LocalPort.anyFree(InetAddress.getLoopbackAddress()));
    }

    private static Result execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = ForebayCommand.line();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int status = line.execute(arguments);
        return new Result(status, out.toString(), err.toString());
    }

    private record Result(int status, String out, String err) {}
}
