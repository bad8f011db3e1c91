package io.forebay.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code forebay model}. */
@Command(
        name = "model",
        description = "Draft and check association models, by which record sync knows what belongs to what.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelImportCommand.class, ModelCheckCommand.class})
final class ModelCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        line.usage(line.getOut());
    }
}
