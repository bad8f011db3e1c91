package io.forebay.cli;

import io.forebay.transfer.EventImport;
import io.forebay.transfer.EventImport.Imported;
import io.forebay.transfer.EventImport.Options;
import io.forebay.transfer.ImportCount;
import io.forebay.transfer.Meter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay events import}. */
@Command(
        name = "import",
        description = {
            "Append the events of a file to a Forebay, in the order of the file.",
            "",
            "An event that is recorded there already, by its id in its stream, stays as it is. So an import that was cut"
                    + " off is repeated as it is, and one that is repeated changes nothing.",
            "",
            "sequence_number, inserted_at and position are the target's own; so is stream_version, which comes out as it"
                    + " was where the target's streams were empty and the file has whole streams. An event that was erased"
                    + " (\"erased\": true) is recorded with its type, its id and its place in the stream, empty data,"
                    + " and the member erased in its metadata.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all events are recorded, but those that --skip-conflicts left out",
            "1:they are not, for the reason on standard error; what is before the line that it names is",
            "2:unknown options or values"
        })
final class ImportCommand implements Callable<Integer> {

    private static final int MOST_OF_A_BATCH = 10_000;
    private static final int BATCH_BYTES = 1024 * 1024;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Parameters(paramLabel = "FILE", description = "The file, as an export writes it; '-' is standard input.")
    private String file = "";

    @Option(
            names = "--resume",
            description = "Go on behind the lines that an earlier import of FILE into the same URL got done, as"
                    + " FILE.imported says. Only faster: do not where that Forebay has lost its events since.")
    private boolean resume;

    @Option(
            names = "--skip-conflicts",
            description =
                    "Leave out events whose id another event of the stream has, instead of ending with the first.")
    private boolean skipConflicts;

    @Option(
            names = "--inserted-at-as",
            paramLabel = "MEMBER",
            description =
                    "Also record inserted_at, as the file has it, as a member of metadata of this name. One that is"
                            + " there stays as it is.")
    private @Nullable String insertedAtAs;

    @Option(
            names = "--batch",
            paramLabel = "EVENTS",
            defaultValue = "500",
            description = "Events of one append, within 1 MiB; less where the Forebay takes less. Default:"
                    + " ${DEFAULT-VALUE}")
    private int batch;

    @Override
    public Integer call() throws InterruptedException {
        boolean isFile = !file.equals("-");
        if (batch < 1 || batch > MOST_OF_A_BATCH) {
            throw refused("--batch is 1 to " + MOST_OF_A_BATCH);
        }
        if (resume && !isFile) {
            throw refused("--resume needs a FILE");
        }
        if (insertedAtAs != null && insertedAtAs.isEmpty()) {
            throw refused("--inserted-at-as needs a name");
        }
        Meter meter = Terminal.meter(spec);
        EventImport run = new EventImport(
                remote.forebay(meter::note), new Options(batch, BATCH_BYTES, skipConflicts, insertedAtAs), meter);
        Imported imported = isFile ? run.fromFile(Path.of(file), resume) : run.fromStream(System.in);
        spec.commandLine().getOut().println(said(imported));
        spec.commandLine().getOut().flush();
        return ExitStatus.OK;
    }

    private static String said(Imported imported) {
        ImportCount count = imported.count();
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%,d events recorded", count.recorded()));
        if (count.present() > 0) {
            line.append(String.format(Locale.ROOT, ", %,d were there already", count.present()));
        }
        if (count.leftOut() > 0) {
            line.append(String.format(Locale.ROOT, ", %,d left out", count.leftOut()));
        }
        if (!imported.position().isEmpty()) {
            line.append(", as of position ").append(imported.position().token());
        }
        return line.toString();
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
