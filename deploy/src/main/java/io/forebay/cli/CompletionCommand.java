package io.forebay.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code forebay completion}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options with the tab key.",
        footer = {"", "bash and zsh:  source <(forebay completion)"})
final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("forebay", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
    }
}
