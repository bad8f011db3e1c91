package io.forebay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code forebay events}. */
@Command(
        name = "events",
        description = "Look after events.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ExportCommand.class, ImportCommand.class, EraseEventsCommand.class})
final class EventsCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        line.usage(line.getOut());
    }
}
