package io.forebay.cli;

import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay model check}. */
@Command(
        name = "check",
        description = "Tell all that is wrong with an association model, each problem with its place in the file.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:nothing is wrong", "1:something is, or the file cannot be read", "2:unknown options"})
final class ModelCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The model, in YAML or JSON.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        try {
            Model model = ModelFile.parse(Files.readString(file));
            PrintWriter out = spec.commandLine().getOut();
            out.println(file
                    + ": %d tables, %d associations"
                            .formatted(
                                    model.tables().size(),
                                    model.tables().values().stream()
                                            .mapToInt(table ->
                                                    table.associations().size())
                                            .sum()));
            out.flush();
            return ExitStatus.OK;
        } catch (IOException e) {
            throw new FileException(file, "cannot be read", e);
        } catch (InvalidFileException e) {
            PrintWriter err = spec.commandLine().getErr();
            e.problems().forEach(problem -> err.println("forebay: " + problem));
            return ExitStatus.FAILED;
        }
    }
}
