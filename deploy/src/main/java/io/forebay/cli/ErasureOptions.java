package io.forebay.cli;

import io.forebay.app.ForebayConfig;
import io.forebay.erasure.ErasureReport;
import io.forebay.erasure.ErasureRequest;
import io.forebay.registry.DevelopmentRegistry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What commands that erase have in common: which cluster, and how far they go. */
final class ErasureOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The brokers, before those of the file.")
    private @Nullable String bootstrap;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "The schema registry, before that of the file. With --bootstrap and without --config: that of"
                    + " forebay run.")
    private @Nullable String registry;

    @Option(
            names = "--no-compaction",
            description = "Leave the changelog's settings and its compaction to the brokers.")
    private boolean noCompaction;

    @Option(
            names = "--delete-records",
            description = {
                "Also delete the records up to the erasure from the partitions concerned of the input topic, and of the"
                        + " sync topic where there is one, and from all dead letters.",
                "Takes the records of ALL other keys there with it: consumers that have not read them miss them, and"
                        + " streams start anew."
            })
    private boolean deleteRecords;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait for the decision, and as long again for the compaction. Default: 120")
    private int waitSeconds = 120;

    /** How far to go. */
    ErasureRequest request() {
        if (waitSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--wait is at least 1");
        }
        return new ErasureRequest(!noCompaction, deleteRecords, Duration.ofSeconds(waitSeconds));
    }

    /** Where to. */
    ForebayConfig config() {
        Map<String, String> own = new LinkedHashMap<>();
        if (bootstrap != null) {
            own.put("bootstrap.servers", bootstrap);
        }
        if (registry != null) {
            own.put("schema.registry.url", registry);
        } else if (bootstrap != null && settings.file() == null) {
            own.put("schema.registry.url", "http://127.0.0.1:" + DevelopmentRegistry.DEFAULT_PORT);
        }
        return ForebayConfig.read(settings.reader(own));
    }

    /** Says what came of it, and gives the exit status. */
    int tell(ErasureReport report) {
        PrintWriter out = spec.commandLine().getOut();
        report.lines().forEach(out::println);
        out.flush();
        return report.isComplete() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
