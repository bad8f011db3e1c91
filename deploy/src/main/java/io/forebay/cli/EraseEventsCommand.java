package io.forebay.cli;

import io.forebay.app.ErasureRun;
import io.forebay.erasure.ErasureRequest;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay events erase}. */
@Command(
        name = "erase",
        description = {
            "Destroy the keys that seal the events of instances, and their copies in topics; tell what remains until when.",
            "",
            "An instance that runs events decides the erasure. Then the topic of the keys is compacted, for which its"
                    + " settings segment.ms, min.cleanable.dirty.ratio and min.compaction.lag.ms are lowered and put back."
                    + " Events that were appended before their domain was in forebay.events.erasable.domains are in clear"
                    + " and stay."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all instances had events, all of these are erased, and the topic of the keys holds none of their keys",
            "1:an instance had no events or some in clear, keys are left in their topic, or the cluster does not answer",
            "2:unknown options, or values or a configuration that are refused"
        })
final class EraseEventsCommand implements Callable<Integer> {

    private static final int PARTS_OF_A_STREAM = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ErasureOptions options = new ErasureOptions();

    @Parameters(index = "0", paramLabel = "DOMAIN", description = "The domain, percent-encoded as in a URL.")
    private String domain = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INSTANCE",
            description = "Instances of it, percent-encoded likewise.")
    private List<String> instances = List.of();

    @Override
    public Integer call() throws InterruptedException {
        ErasureRequest request = options.request();
        List<Path> streams = instances.stream().map(this::stream).toList();
        return options.tell(ErasureRun.instances(options.config(), streams, request));
    }

    private Path stream(String instance) {
        String text = domain + "/" + instance;
        try {
            Path stream = Path.parse(text);
            if (stream.size() == PARTS_OF_A_STREAM) {
                return stream;
            }
        } catch (PathSyntaxException e) {
            throw new ParameterException(spec.commandLine(), "'" + text + "': " + e.getMessage());
        }
        throw new ParameterException(spec.commandLine(), "'" + text + "': a DOMAIN and an INSTANCE have no '/'");
    }
}
