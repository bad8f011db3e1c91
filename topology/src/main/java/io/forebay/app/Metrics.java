package io.forebay.app;

import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.forebay.app.Capability.Stage;
import io.forebay.cache.CacheStats;
import io.forebay.cache.change.ChangeStats;
import io.forebay.cache.loader.sql.Database;
import io.forebay.http.RequestObserver;
import io.forebay.store.StoreEngine;
import io.forebay.stream.StreamHub;
import io.forebay.sync.change.RowStats;
import io.forebay.sync.model.OwnModel;
import io.forebay.sync.rule.RuleStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams;

/** What is measured, in Prometheus' text format: requests, stores, streams, commands, Kafka Streams' own metrics, the JVM. */
final class Metrics implements RequestObserver, AutoCloseable {

    private record RequestKind(String method, String template, int status) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<RequestKind, Timer> requests = new ConcurrentHashMap<>();
    private final List<KafkaStreamsMetrics> bound = new ArrayList<>();

    Metrics(StoreEngine engine, StreamHub hub) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gauge(
                "forebay.store.open",
                "Stores open, one per name and partition",
                () -> engine.stats().openStores());
        gauge(
                "forebay.store.memory.bytes",
                "Memory of cached blocks and unflushed writes",
                () -> engine.stats().blockCacheBytes());
        gauge(
                "forebay.store.memory.limit.bytes",
                "Memory that stores may use",
                () -> engine.stats().memoryBytes());
        gauge(
                "forebay.store.records",
                "Records in all stores, estimated",
                () -> engine.stats().recordsEstimated());
        gauge(
                "forebay.store.disk.bytes",
                "Size of the tables on disk",
                () -> engine.stats().tableBytes());
        gauge("forebay.streams.open", "Event streams served", () -> hub.stats().open());
        gauge(
                "forebay.streams.window.bytes",
                "Changes kept for streams",
                () -> hub.stats().windowBytes());
        counter(
                "forebay.streams.refused",
                "Streams refused because the instance was full",
                hub,
                source -> source.stats().refused());
        counter(
                "forebay.streams.slow",
                "Streams ended because their reader was slow",
                hub,
                source -> source.stats().disconnectedSlow());
        counter(
                "forebay.streams.refetch",
                "Times a reader was told to start over",
                hub,
                source -> source.stats().mustRefetch());
        counter(
                "forebay.streams.undecodable",
                "Sync records that could not be read",
                hub,
                source -> source.stats().undecodable());
    }

    /** Adds what a capability's tasks say of themselves. */
    void add(Capability capability) {
        capability.stages().forEach(stage -> add(capability.name(), stage));
    }

    private void add(String capability, Stage stage) {
        List<Tag> tags = List.of(
                Tag.of("capability", capability), Tag.of("store", stage.store().store()));
        FunctionCounter.builder("forebay.commands.decided", stage.health(), health -> health.decided())
                .description("Commands decided")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("forebay.commands.dead.letters", stage.health(), health -> health.deadLetters())
                .description("Records sent to the dead-letter topic")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "forebay.commands.waiting.partitions",
                        () -> stage.health().waitingForRegistry().size())
                .description("Partitions whose records wait for the schema registry")
                .tags(tags)
                .register(registry);
    }

    /** Adds what row changes meant for caches. */
    void add(ChangeStats changes) {
        counter(
                "forebay.cache.changes",
                "Changes of tables that caches depend on",
                changes,
                source -> source.changes());
        counter(
                "forebay.cache.changes.widened",
                "Those of them that told too little of the row",
                changes,
                source -> source.widened());
        counter(
                "forebay.cache.changes.invalidations",
                "Invalidations that they brought about",
                changes,
                source -> source.invalidations());
    }

    /** Adds what the rules of record sync said. */
    void add(RuleStats rules) {
        counter("forebay.sync.rules.allowed", "Times a rule allowed a row", rules, source -> source.allowed());
        counter("forebay.sync.rules.denied", "Times a rule denied a row", rules, source -> source.denied());
        counter(
                "forebay.sync.rules.failed",
                "Times a rule failed on a row, which denied it",
                rules,
                source -> source.failed());
    }

    /** Adds what became of row changes in record sync. */
    void add(RowStats rows) {
        counter("forebay.sync.changes", "Row changes that were applied", rows, source -> source.applied());
        counter(
                "forebay.sync.changes.repeated",
                "Row changes that came late or repeatedly, and changed nothing",
                rows,
                source -> source.repeated());
        counter(
                "forebay.sync.changes.unknown",
                "Row changes of tables that the model does not have",
                rows,
                source -> source.unknown());
        counter(
                "forebay.sync.indexed.rows",
                "Rows that were sent to the places of another model",
                rows,
                source -> source.placed());
        counter(
                "forebay.sync.indexing.begun",
                "Times that a partition began to send its rows to the places of another model",
                rows,
                source -> source.placingBegun());
        counter(
                "forebay.sync.indexing.ended",
                "Times that a partition had sent all of its rows to the places of another model",
                rows,
                source -> source.placingEnded());
    }

    /** Adds whether the model is that of the file. */
    void add(OwnModel model) {
        Gauge.builder("forebay.sync.model.other", model, own -> own.isOther() ? 1 : 0)
                .description("Whether record sync follows another model than that of this instance's file")
                .register(registry);
    }

    /** Adds what calls find in a cache. */
    void add(String cache, CacheStats.Counts counts) {
        List<Tag> tags = List.of(Tag.of("cache", cache));
        counter("forebay.cache.hits", "Fresh values that were there", tags, counts, CacheStats.Counts::hits);
        counter(
                "forebay.cache.stale",
                "Older values that were answered while they are loaded anew",
                tags,
                counts,
                CacheStats.Counts::staleHits);
        counter("forebay.cache.misses", "Leases given to callers", tags, counts, CacheStats.Counts::misses);
        counter(
                "forebay.cache.collapsed",
                "Values of another caller's load that were waited for",
                tags,
                counts,
                CacheStats.Counts::collapsedWaits);
        counter(
                "forebay.cache.evictions",
                "Entries that partitions of this instance took out to keep to the cache's limit",
                tags,
                counts,
                CacheStats.Counts::evictions);
        counter("forebay.cache.loads", "Loads by the cache itself", tags, counts, CacheStats.Counts::loads);
        counter(
                "forebay.cache.load.failures",
                "Loads by the cache itself that failed",
                tags,
                counts,
                CacheStats.Counts::loadFailures);
        counter(
                "forebay.cache.load.seconds",
                "Time that loads by the cache itself took",
                tags,
                counts,
                source -> source.loadNanos() / 1e9);
    }

    /** Measures pools of connections, under the pool's own names. */
    MetricsTrackerFactory pools() {
        return new MicrometerMetricsTrackerFactory(registry);
    }

    /** Adds what waits for a database; its pool measures the rest. */
    void add(String dataSource, Database database) {
        Gauge.builder("forebay.datasource.waiting", database, Database::waiting)
                .description("Loads that wait for a connection")
                .tag("datasource", dataSource)
                .register(registry);
    }

    /** Adds the metrics of a Kafka Streams client. */
    void add(String application, KafkaStreams streams) {
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams, List.of(Tag.of("application", application)));
        metrics.bindTo(registry);
        bound.add(metrics);
    }

    @Override
    public void answered(String method, String template, int status, long nanos) {
        requests.computeIfAbsent(new RequestKind(method, template, status), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        bound.forEach(KafkaStreamsMetrics::close);
        registry.close();
    }

    private Timer timer(RequestKind kind) {
        return Timer.builder("forebay.http.requests")
                .description("Requests answered")
                .tag("method", kind.method())
                .tag("route", kind.template())
                .tag("status", Integer.toString(kind.status()))
                .register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private <T> void counter(String name, String description, T source, ToDoubleFunction<T> value) {
        counter(name, description, List.of(), source, value);
    }

    private <T> void counter(String name, String description, List<Tag> tags, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, source, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
