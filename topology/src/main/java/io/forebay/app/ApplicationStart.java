package io.forebay.app;

import io.forebay.routing.RunningApplication;
import io.forebay.store.StoreEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the Kafka Streams applications of an instance. A fatal error of a stream thread is told once for each; what may pass
 * makes the thread join its group again.
 */
final class ApplicationStart {

    private static final Logger LOG = LoggerFactory.getLogger(ApplicationStart.class);

    private static final Duration STOP = Duration.ofSeconds(20);

    private final KafkaSettings settings;
    private final HostInfo self;
    private final StoreEngine engine;
    private final Metrics metrics;
    private final Duration rejoinWindow;
    private final Consumer<Throwable> fatal;

    /**
     * Of one instance.
     *
     * @param self where other instances reach it
     * @param rejoinWindow how long an application that is not let into its group tries again
     * @param fatal told what ended a stream thread
     */
    ApplicationStart(
            KafkaSettings settings,
            HostInfo self,
            StoreEngine engine,
            Metrics metrics,
            Duration rejoinWindow,
            Consumer<Throwable> fatal) {
        this.settings = settings;
        this.self = self;
        this.engine = engine;
        this.metrics = metrics;
        this.rejoinWindow = rejoinWindow;
        this.fatal = fatal;
    }

    void start(Capability capability, RunningApplications applications, Lifecycle lifecycle) {
        String application = capability.application();
        KafkaStreams streams = new KafkaStreams(capability.topology(), settings.streams(capability, self));
        Rejoins rejoins = new Rejoins(rejoinWindow, System::nanoTime);
        streams.setUncaughtExceptionHandler(failure -> {
            if (isUnknownToServer(failure) && isToRejoin(application, rejoins)) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            LOG.error("{} ended by {}", application, failure.toString());
            fatal.accept(failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setGlobalStateRestoreListener(engine.restoreListener());
        streams.setStandbyUpdateListener(engine.standbyListener());
        lifecycle.keep(application, streams, client -> client.close(STOP));
        applications.add(new RunningApplication(application, streams, engine));
        metrics.add(application, streams);
        streams.start();
    }

    /** Waits before it says yes; the thread that is asked has nothing else to do. */
    private static boolean isToRejoin(String application, Rejoins rejoins) {
        Optional<Duration> pause = rejoins.next();
        if (pause.isEmpty()) {
            return false;
        }
        LOG.warn("{} was not let into its group, and joins again", application);
        try {
            TimeUnit.NANOSECONDS.sleep(pause.get().toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * A 4.3.1 group coordinator that has not heard of a topic yet, as in the moment after its creation, fails at the first
     * heartbeat of a member that has an address, and answers with an unknown error, which the client takes for final.
     */
    private static boolean isUnknownToServer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownServerException) {
                return true;
            }
        }
        return false;
    }
}
