package io.forebay.cli;

import java.util.List;

/** The program's entry. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param args what was typed
     */
    public static void main(String[] args) {
        if (List.of(args).contains("--debug")) {
            // Before anything logs: the logging library reads it once.
            System.setProperty("logback.configurationFile", "logback-debug.xml");
        }
        System.exit(ForebayCommand.line().execute(args));
    }
}
