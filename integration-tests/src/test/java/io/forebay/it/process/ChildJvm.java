package io.forebay.it.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process started by a test. Its output goes to a file under {@code target/children}; its standard input stays open, so a child that
 * reads it to the end notices when the tests are gone. Whatever still runs when this JVM ends is killed.
 */
public final class ChildJvm implements AutoCloseable {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Path OUTPUT_DIRECTORY = Path.of("target", "children").toAbsolutePath();

    private final String name;
    private final Process process;
    private final Path output;

    private ChildJvm(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Runs a main class with the class path of this JVM. */
    public static ChildJvm java(String name, List<String> jvmArguments, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaExecutable());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return start(name, command, Map.of(), Path.of("").toAbsolutePath());
    }

    /** Runs any command; {@code environment} is added to that of this JVM. */
    public static ChildJvm start(String name, List<String> command, Map<String, String> environment, Path directory) {
        try {
            Files.createDirectories(OUTPUT_DIRECTORY);
            Path output = OUTPUT_DIRECTORY.resolve(
                    name + "-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet() + ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> killTree(process)));
            return new ChildJvm(name, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@code java} of this JVM. */
    public static String javaExecutable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything written so far, standard output and error in one. */
    public String output() {
        try {
            return Files.exists(output) ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until the output has a match and returns it.
     *
     * @throws IllegalStateException when the process ends before
     */
    public Matcher awaitOutput(Pattern pattern, Duration atMost) {
        Matcher[] found = new Matcher[1];
        await(name + " to write " + pattern)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() -> {
                    if (!process.isAlive() && !pattern.matcher(output()).find()) {
                        throw new IllegalStateException(
                                name + " ended with " + process.exitValue() + ":\n" + tail(output()));
                    }
                })
                .until(() -> {
                    found[0] = pattern.matcher(output());
                    return found[0].find();
                });
        return found[0];
    }

    /** Waits for the process to end by itself and returns its exit status. */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " still runs after " + atMost + ":\n" + tail(output()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL to the process and what it started: nothing of it gets to flush or say goodbye. */
    public void kill() {
        killTree(process);
        awaitExit(Duration.ofSeconds(20));
    }

    /** SIGTERM, as Ctrl-C or an orchestrator would; returns the exit status. */
    public int stop(Duration atMost) {
        process.destroy();
        return awaitExit(atMost);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    kill();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                killTree(process);
            }
        }
    }

    private static void killTree(Process process) {
        List<ProcessHandle> tree = process.descendants().toList();
        process.destroyForcibly();
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    private static String tail(String text) {
        return text.length() <= 4000 ? text : text.substring(text.length() - 4000);
    }
}
