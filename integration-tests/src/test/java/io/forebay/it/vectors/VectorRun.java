package io.forebay.it.vectors;

import io.forebay.it.vectors.VectorSuite.Outcome;
import io.forebay.it.vectors.VectorSuite.Side;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs a folder of vectors and prints what failed. System properties: {@code vectors}, the folder, absolute or relative to the working
 * directory; {@code areas}, a comma-separated list, all that exist when empty. Exit status 0 when every vector passed, 1 when one
 * did not, 2 when there was nothing to run.
 */
public final class VectorRun {
    private VectorRun() {}

    public static void main(String[] args) {
        int status = run(Path.of(System.getProperty("vectors", "")), System.getProperty("areas", ""), System.out);
        System.out.flush();
        // The embedded broker leaves threads behind that are not daemons.
        Runtime.getRuntime().exit(status);
    }

    static int run(Path folder, String areas, PrintStream out) {
        if (!Files.isDirectory(folder)) {
            out.println("vectors=" + folder + ": not a folder");
            return 2;
        }
        Set<String> wanted = Arrays.stream(areas.split("[,\\s]+"))
                .filter(area -> !area.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        VectorSuite suite;
        try {
            suite = VectorSuite.of(folder, wanted);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            return 2;
        }
        if (suite.on(Side.IN_PROCESS).isEmpty()) {
            out.println("no vectors to run in " + folder);
            return 2;
        }
        return report(suite.run(), out);
    }

    private static int report(List<Outcome> outcomes, PrintStream out) {
        Set<String> ran = new TreeSet<>();
        Set<String> failed = new TreeSet<>();
        for (Outcome outcome : outcomes) {
            ran.add(outcome.vector().id());
            if (!outcome.passed()) {
                failed.add(outcome.vector().id());
                out.println(outcome.vector().id() + " " + outcome.side() + ": "
                        + outcome.vector().title());
                outcome.differences().forEach(line -> out.println("    " + line));
            }
        }
        for (Side side : Side.values()) {
            out.println(side + ": "
                    + outcomes.stream().filter(o -> o.side() == side).count() + " ran");
        }
        out.println((ran.size() - failed.size()) + " passed, " + failed.size() + " failed");
        return failed.isEmpty() ? 0 : 1;
    }
}
