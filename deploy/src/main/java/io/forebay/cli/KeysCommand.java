package io.forebay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code forebay keys}. */
@Command(
        name = "keys",
        description = "Look after keys.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = EraseKeysCommand.class)
final class KeysCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        line.usage(line.getOut());
    }
}
