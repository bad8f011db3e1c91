package io.forebay.cli;

import io.forebay.config.InvalidConfigException;
import io.forebay.deploy.StartException;
import io.forebay.erasure.ErasureException;
import io.forebay.postgres.CatalogueException;
import io.forebay.remote.RemoteException;
import io.forebay.transfer.TransferException;
import java.io.PrintWriter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command of which all others are part, and the one way in which failures are told: a line on standard error. */
@Command(
        name = "forebay",
        description = "Keeps the state of change events on Kafka and answers for it over HTTP.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            TopicsCommand.class,
            KeysCommand.class,
            EventsCommand.class,
            ModelCommand.class,
            ConfigCommand.class,
            VersionCommand.class,
            CompletionCommand.class
        },
        versionProvider = VersionCommand.Versions.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done; a run was stopped and stopped cleanly",
            "1:failed, with the reason on standard error",
            "2:unknown options, or values or a configuration that are refused"
        })
final class ForebayCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on the option itself
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on the option itself
    private boolean version;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Log what goes on, and show the stack trace of a failure.")
    private boolean debug;

    /** Makes the command line with all commands. */
    static CommandLine line() {
        ForebayCommand command = new ForebayCommand();
        return new CommandLine(command)
                .setUsageHelpLongOptionsMaxWidth(32)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(ForebayCommand::refuse)
                .setExecutionExceptionHandler(command::fail);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    private static int refuse(ParameterException refusal, String[] args) {
        CommandLine line = refusal.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("forebay: " + refusal.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(refusal, err)) {
            err.println("Try '%s --help'.".formatted(line.getCommandSpec().qualifiedName()));
        }
        return ExitStatus.USAGE;
    }

    private int fail(Exception failure, CommandLine line, @Nullable ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (failure instanceof InvalidConfigException refused) {
            refused.problems().forEach(problem -> err.println("forebay: " + problem));
        } else {
            err.println("forebay: " + reason(failure));
        }
        if (debug) {
            failure.printStackTrace(err);
        }
        return failure instanceof InvalidConfigException ? ExitStatus.USAGE : ExitStatus.FAILED;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof StartException
                || failure instanceof io.forebay.app.StartException
                || failure instanceof ErasureException
                || failure instanceof RemoteException
                || failure instanceof TransferException
                || failure instanceof CatalogueException
                || failure instanceof FileException) {
            return String.valueOf(failure.getMessage());
        }
        String causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(cause -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage())
                .map(message -> message.lines().findFirst().orElse(""))
                .distinct()
                .limit(3)
                .reduce((outer, inner) -> outer + ": " + inner)
                .orElse("");
        return causes + " (--debug shows where)";
    }
}
