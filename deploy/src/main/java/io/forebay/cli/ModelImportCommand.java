package io.forebay.cli;

import io.forebay.postgres.CatalogueReader;
import io.forebay.postgres.ModelDraft;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forebay model import}. */
@Command(
        name = "import",
        description = {
            "Draft an association model from the keys of a running PostgreSQL.",
            "",
            "Only the catalogue is read. What had to be decided is told in comments of the file, which are to be reviewed."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the model was written",
            "1:the database does not answer, does not permit it or has no tables, or the file cannot be written",
            "2:unknown or missing options"
        })
final class ModelImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--jdbc-url",
            required = true,
            paramLabel = "URL",
            description = "The database, for example jdbc:postgresql://db.example.com:5432/shop. No password in it.")
    private String url = "";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "${env:PGUSER}",
            description = "As whom to connect. Default: the environment variable PGUSER, else the driver's own")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "A file with the password in its first line. Default: the environment variable PGPASSWORD, else"
                            + " the password file of PostgreSQL, ~/.pgpass")
    private @Nullable Path passwordFile;

    @Option(
            names = "--schema",
            paramLabel = "NAME",
            defaultValue = "public",
            description = "The schema of the tables. May be repeated. Default: public")
    private List<String> schemas = List.of("public");

    @Option(
            names = "--without-schema",
            description = "Call tables by name alone, users, where the row changes do. By default they are called as"
                    + " PostgreSQL's row changes call them, public.users.")
    private boolean withoutSchema;

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write. Default: standard output")
    private @Nullable Path out;

    @Option(names = "--force", description = "Write the file also when it is there already.")
    private boolean force;

    @Override
    public Integer call() {
        CatalogueReader reader = new CatalogueReader(url, user, password());
        ModelDraft draft = ModelDraft.of(reader.read(schemas), !withoutSchema);
        write(draft.yaml());
        spec.commandLine()
                .getErr()
                .println("forebay: %d tables, %d associations, %d notes to review"
                        .formatted(draft.tableCount(), draft.associationCount(), draft.noteCount()));
        return ExitStatus.OK;
    }

    private @Nullable String password() {
        if (passwordFile == null) {
            return System.getenv("PGPASSWORD");
        }
        try (Stream<String> lines = Files.lines(passwordFile)) {
            return lines.findFirst().orElse("");
        } catch (IOException | UncheckedIOException e) {
            throw new FileException(passwordFile, "cannot be read", e);
        }
    }

    private void write(String model) {
        if (out == null) {
            PrintWriter stdout = spec.commandLine().getOut();
            stdout.print(model);
            stdout.flush();
            return;
        }
        try {
            if (force) {
                Files.writeString(out, model);
            } else {
                Files.writeString(out, model, StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FileException(out, "is there already; --force writes over it", e);
        } catch (IOException e) {
            throw new FileException(out, "cannot be written", e);
        }
    }
}
