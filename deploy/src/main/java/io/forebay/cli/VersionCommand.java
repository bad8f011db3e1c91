package io.forebay.cli;

import java.util.Optional;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code forebay version}. */
@Command(name = "version", description = "Show the versions of Forebay, Kafka and Java.")
final class VersionCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The version of this program, from its jar's manifest. */
    static String program() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }

    @Override
    public void run() {
        for (String line : new Versions().getVersion()) {
            spec.commandLine().getOut().println(line);
        }
    }

    /** The lines of the version. */
    static final class Versions implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "forebay " + program(),
                "kafka " + AppInfoParser.getVersion(),
                "java " + System.getProperty("java.version")
            };
        }
    }
}
