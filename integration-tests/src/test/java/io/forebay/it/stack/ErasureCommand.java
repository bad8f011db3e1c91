package io.forebay.it.stack;

import io.forebay.cli.Main;
import io.forebay.it.process.ChildJvm;
import java.util.ArrayList;
import java.util.List;

/** {@code forebay … erase}, on the topics of a stack. */
public final class ErasureCommand {
    private ErasureCommand() {}

    /** Starts it. */
    public static ChildJvm start(ForebayStack stack, String capability, String... arguments) {
        List<String> all = new ArrayList<>(List.of(capability, "erase"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap", stack.bootstrapServers(), "--registry", stack.registryUrl()));
        all.addAll(List.of(
                "--set", "forebay.topics.prefix=" + stack.topics().settings().prefix()));
        all.addAll(List.of("--set", "forebay.topics.partitions=2"));
        return ChildJvm.java("erase", List.of("-Xmx256m", "-XX:+UseSerialGC"), Main.class.getName(), all);
    }
}
