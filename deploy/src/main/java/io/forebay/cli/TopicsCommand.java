package io.forebay.cli;

import io.forebay.app.ForebayConfig;
import io.forebay.app.TopicMaintenance;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forebay topics}. */
@Command(
        name = "topics",
        description = "Compare a cluster's topics with what they have to be, and create those that are missing.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all topics are as they have to be", "1:they are not, or the cluster does not answer"})
final class TopicsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--create", description = "Create topics that are missing. Those that are there stay as they are.")
    private boolean create;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ForebayConfig config = ForebayConfig.read(settings.reader(Map.of()));
        TopicMaintenance.Report report = TopicMaintenance.run(config, create);
        report.topics().forEach(out::println);
        List<String> differences = report.differences();
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        differences.forEach(difference -> err.println("forebay: " + difference));
        return differences.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
