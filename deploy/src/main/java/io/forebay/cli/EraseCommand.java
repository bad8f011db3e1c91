package io.forebay.cli;

import io.forebay.app.ErasureRun;
import io.forebay.app.ForebayConfig;
import io.forebay.erasure.ErasureReport;
import io.forebay.erasure.ErasureRequest;
import io.forebay.registry.DevelopmentRegistry;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay keys erase}. */
@Command(
        name = "erase",
        description = {
            "Delete keys and, of the copies of their values in topics, what can be deleted; tell what remains until when.",
            "",
            "An instance that runs keys decides the deletion. Then the changelog is compacted, for which its settings"
                    + " segment.ms, min.cleanable.dirty.ratio and min.compaction.lag.ms are lowered and put back."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all keys were there, are deleted, and the changelog holds none of their values",
            "1:a key was not there, values are left in the changelog, or the cluster does not answer",
            "2:unknown options, or values or a configuration that are refused"
        })
final class EraseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace, percent-encoded as in a URL.")
    private String namespace = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            description = "Keys, for example users/42, percent-encoded likewise.")
    private List<String> keys = List.of();

    @Option(
            names = "--match",
            paramLabel = "MATCH",
            description = "Keys that match, for example 'users/*/session/**'. May be repeated.")
    private List<String> matches = List.of();

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
            description =
                    "Also delete the records up to the deletion from the partitions concerned of the input and sync"
                            + " topics and from all dead letters. Takes the records of ALL other keys there with it: consumers"
                            + " that have not read them miss them, and streams start anew.")
    private boolean deleteRecords;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait for the decision, and as long again for the compaction. Default: 120")
    private int waitSeconds = 120;

    @Override
    public Integer call() throws InterruptedException {
        if (keys.isEmpty() && matches.isEmpty()) {
            throw refused("name a KEY or a --match");
        }
        if (waitSeconds < 1) {
            throw refused("--wait is at least 1");
        }
        if (namespace.contains("/")) {
            throw refused("NAMESPACE is one part, without '/'");
        }
        ErasureRequest request = new ErasureRequest(
                keys.stream().map(key -> read("KEY", key, Path::parse)).toList(),
                matches.stream()
                        .map(match -> read("--match", match, PathMatch::parse))
                        .toList(),
                !noCompaction,
                deleteRecords,
                Duration.ofSeconds(waitSeconds));
        ErasureReport report = ErasureRun.run(ForebayConfig.read(settings.reader(options())), request);
        PrintWriter out = spec.commandLine().getOut();
        report.lines().forEach(out::println);
        out.flush();
        return report.isComplete() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private Map<String, String> options() {
        Map<String, String> own = new LinkedHashMap<>();
        if (bootstrap != null) {
            own.put("bootstrap.servers", bootstrap);
        }
        if (registry != null) {
            own.put("schema.registry.url", registry);
        } else if (bootstrap != null && settings.file() == null) {
            own.put("schema.registry.url", "http://127.0.0.1:" + DevelopmentRegistry.DEFAULT_PORT);
        }
        return own;
    }

    private <T> T read(String what, String text, Function<String, T> reading) {
        try {
            return reading.apply(namespace + "/" + text);
        } catch (PathSyntaxException e) {
            throw refused(what + " '" + text + "' in NAMESPACE '" + namespace + "': " + e.getMessage());
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
