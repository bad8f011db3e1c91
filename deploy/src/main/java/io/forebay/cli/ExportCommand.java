package io.forebay.cli;

import io.forebay.transfer.EventExport;
import io.forebay.transfer.EventExport.Existing;
import io.forebay.transfer.EventExport.Exported;
import io.forebay.transfer.EventQuery;
import io.forebay.transfer.Meter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code forebay events export}. */
@Command(
        name = "export",
        description = {
            "Write events to a file, each as HTTP tells it, on a line of its own, in their order.",
            "",
            "The file is one state: events that are appended meanwhile are not in it. Until it is complete there is"
                    + " FILE.progress beside it, from which --resume goes on; the file then has the same bytes as"
                    + " if it had not been cut off.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all events are in the file",
            "1:they are not, for the reason on standard error; what is written is kept",
            "2:unknown options or values"
        })
final class ExportCommand implements Callable<Integer> {

    private static final int MOST_OF_A_PAGE = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = "-",
            description = "The file. Default: '-', standard output")
    private String out = "";

    @Option(
            names = "--resume",
            description = "Go on with an export to FILE that was cut off, as it was begun. Where there is none, begin.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Begin anew where FILE is there already.")
    private boolean overwrite;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
    private @Nullable String type;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only events of this domain.")
    private @Nullable String domain;

    @Option(names = "--instance", paramLabel = "ID", description = "Only events of instances of this id.")
    private @Nullable String instance;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only events appended at or after, for example 2026-01-01T00:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only events appended before.")
    private @Nullable String to;

    @Option(
            names = "--page",
            paramLabel = "EVENTS",
            defaultValue = "1000",
            description = "Events that are asked for at a time, 1 to " + MOST_OF_A_PAGE + ". Default: ${DEFAULT-VALUE}")
    private int page;

    @Override
    public Integer call() throws InterruptedException, IOException {
        boolean isFile = !out.equals("-");
        if (page < 1 || page > MOST_OF_A_PAGE) {
            throw refused("--page is 1 to " + MOST_OF_A_PAGE);
        }
        if (resume && overwrite) {
            throw refused("--resume and --overwrite contradict each other");
        }
        if ((resume || overwrite) && !isFile) {
            throw refused((resume ? "--resume" : "--overwrite") + " needs --out FILE");
        }
        Meter meter = Terminal.meter(spec);
        EventExport export = new EventExport(
                remote.forebay(meter::note), new EventQuery(type, domain, instance, from, to), page, meter);
        Exported exported;
        if (isFile) {
            exported = export.toFile(Path.of(out), existing());
        } else {
            // Not System.out: it keeps to itself that nobody reads it any more.
            try (OutputStream stream = new FileOutputStream(FileDescriptor.out)) {
                exported = export.toStream(stream);
            }
        }
        PrintWriter said =
                isFile ? spec.commandLine().getOut() : spec.commandLine().getErr();
        said.println(String.format(
                Locale.ROOT,
                "%s%,d events%s%s",
                isFile ? "" : "forebay: ",
                exported.count(),
                isFile ? " are in " + out : "",
                exported.position().isEmpty() ? "" : ", as of position " + exported.position()));
        said.flush();
        return ExitStatus.OK;
    }

    private Existing existing() {
        return resume ? Existing.RESUME : overwrite ? Existing.OVERWRITE : Existing.REFUSE;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
