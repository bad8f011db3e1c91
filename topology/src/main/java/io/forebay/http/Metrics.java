package io.forebay.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What an instance measures, and {@code GET /metrics} in the format of Prometheus. */
public final class Metrics implements Resource, RequestObserver, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Answered, Timer> requests = new ConcurrentHashMap<>();

    private record Answered(String method, String route, int status) {}

    /** Measures the JVM from now on. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Takes further meters. */
    public MeterRegistry registry() {
        return registry;
    }

    @Override
    public void answered(String method, String template, int status, long nanos) {
        String known = Methods.isKnown(method) ? method : "other";
        requests.computeIfAbsent(new Answered(known, template, status), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Answered answered) {
        return Timer.builder("forebay.http.requests")
                .description("Time from a request's head to the end of its answer")
                .tag("method", answered.method())
                .tag("route", answered.route())
                .tag("status", Integer.toString(answered.status()))
                .publishPercentileHistogram(false)
                .register(registry);
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.get(
                        "/metrics",
                        request -> CompletableFuture.completedFuture(Response.of(
                                200,
                                "text/plain; version=0.0.4; charset=utf-8",
                                registry.scrape().getBytes(StandardCharsets.UTF_8))))
                .open()
                .onWorker());
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
