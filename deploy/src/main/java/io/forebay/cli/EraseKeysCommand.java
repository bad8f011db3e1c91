package io.forebay.cli;

import io.forebay.app.ErasureRun;
import io.forebay.erasure.ErasureRequest;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
final class EraseKeysCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ErasureOptions options = new ErasureOptions();

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

    @Override
    public Integer call() throws InterruptedException {
        if (keys.isEmpty() && matches.isEmpty()) {
            throw refused("name a KEY or a --match");
        }
        ErasureRequest request = options.request();
        if (namespace.contains("/")) {
            throw refused("NAMESPACE is one part, without '/'");
        }
        List<Path> exact =
                keys.stream().map(key -> read("KEY", key, Path::parse)).toList();
        List<PathMatch> matching = matches.stream()
                .map(match -> read("--match", match, PathMatch::parse))
                .toList();
        return options.tell(ErasureRun.keys(options.config(), exact, matching, request));
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
