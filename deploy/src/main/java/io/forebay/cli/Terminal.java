package io.forebay.cli;

import io.forebay.transfer.Meter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What standard error is. The JVM tells of standard input and output together only, so the launcher looks and says so in a system
 * property.
 */
final class Terminal {

    private static final String IS_TERMINAL = "forebay.terminal";

    private Terminal() {}

    /** A meter that tells on a command's standard error how far it is. */
    static Meter meter(CommandSpec spec) {
        return new Meter(spec.commandLine().getErr(), Boolean.getBoolean(IS_TERMINAL), System::nanoTime);
    }
}
