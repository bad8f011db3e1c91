package io.forebay.cli;

import io.forebay.app.ForebayConfig;
import io.forebay.config.ConfigReader;
import io.forebay.config.ConfigReference;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forebay config}. */
@Command(
        name = "config",
        description =
                "Check a configuration and print what is in effect, secrets hidden; or the reference of all keys.")
final class ConfigCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--reference", description = "Print the reference of all keys, as Markdown.")
    private boolean reference;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (reference) {
            out.print(ConfigReference.render(ForebayConfig.sections()));
        } else {
            ConfigReader reader = settings.reader(Map.of());
            ForebayConfig.read(reader);
            reader.effective().forEach((key, value) -> out.println(key + " = " + value));
        }
        out.flush();
        return ExitStatus.OK;
    }
}
