package io.forebay.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Interrupt and termination signals: the first asks to stop, the second ends the process at once. A JVM left to itself
 * runs its shutdown hooks on the first and ignores all that follow, so that a stop that hangs could not be ended from the
 * keyboard, and it ends with 130 or 143, so that a clean stop would look like a failure.
 *
 * <p>The only way to a second signal is {@code sun.misc.Signal} (module {@code jdk.unsupported}, in every JDK so far);
 * it is reached by reflection because javac warns of it and the warning cannot be suppressed. Where it is missing, a
 * shutdown hook does the first half.
 */
final class StopSignals {

    private StopSignals() {}

    /**
     * Listens from now on.
     *
     * @param stop called once, on the first signal or when the JVM shuts down, on a thread of its own; a shutdown waits
     *     for it to return
     */
    static void listen(Runnable stop) {
        AtomicInteger received = new AtomicInteger();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (received.getAndIncrement() == 0) {
                                stop.run();
                            }
                        },
                        "stop-at-shutdown"));
        Runnable onSignal = () -> {
            if (received.getAndIncrement() == 0) {
                new Thread(stop, "stop-on-signal").start();
            } else {
                Runtime.getRuntime().halt(ExitStatus.HALTED);
            }
        };
        for (String signal : List.of("INT", "TERM")) {
            handle(signal, onSignal);
        }
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> self == args[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "stop on " + name;
                        };
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InstantiationException
                | InvocationTargetException e) {
            // The shutdown hook stays; only the second signal cannot be told from the first.
            System.getLogger(StopSignals.class.getName())
                    .log(System.Logger.Level.DEBUG, "signal {0} is left to the JVM", name);
        }
    }
}
