package io.forebay.cli;

/** The exit statuses, as the help and the operations page list them. */
final class ExitStatus {

    /** The command did what it was asked; a run was stopped by a signal and stopped cleanly. */
    static final int OK = 0;

    /** It could not, for a reason that one line on standard error gives. */
    static final int FAILED = 1;

    /** It was asked for something that cannot be: an unknown option, a value or a configuration that is refused. */
    static final int USAGE = 2;

    /** A second signal ended a run before it had stopped. */
    static final int HALTED = 130;

    private ExitStatus() {}
}
