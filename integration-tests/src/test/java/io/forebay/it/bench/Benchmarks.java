package io.forebay.it.bench;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.cluster.TestCluster;
import io.forebay.it.events.EventTopics;
import io.forebay.it.presence.PresenceTopics;
import io.forebay.it.stack.ForebayInstance;
import io.forebay.it.sync.ToldTopics;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Forebay carries, beside what its parts and others of its kind carry in the same run: this process drives; the broker, Forebay and
 * the others have processes of their own. Arguments, all optional, as {@code name=value}: {@code parts} (a list of {@code presence},
 * {@code keys}, {@code events}, {@code sync}), {@code records} (of a throughput run), {@code seconds} (of a run against a server),
 * {@code connections}, {@code rate} (gets a second of the latency run), {@code writes} (writes a second of the latency run), {@code keys}
 * (that are there for a match), {@code subscriptions} (to other records), {@code out} (file for the JSON).
 */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args);
        Report report = new Report();
        Path state = Files.createTempDirectory("bench");
        try (TestCluster cluster = ClusterProvider.inAnotherProcess()) {
            if (arguments.wants("presence")) {
                presences(new PresenceBenchmarks(arguments, report), cluster, state);
            }
            if (arguments.wants("keys")) {
                keys(new KeysBenchmarks(arguments, report), cluster, state);
            }
            if (arguments.wants("events")) {
                events(new EventsBenchmarks(arguments, report), cluster, state);
            }
            if (arguments.wants("sync")) {
                sync(new SyncBenchmarks(arguments, report), cluster);
            }
        }
        report.write(arguments.out());
        Runtime.getRuntime().exit(0);
    }

    private static void presences(PresenceBenchmarks presences, TestCluster cluster, Path state) throws Exception {
        presences.rawProducer(cluster);
        presences.bareTopology(cluster, state);
        try (ForebayInstance forebay = ForebayInstance.start(cluster);
                PresenceTopics topics = new PresenceTopics(forebay)) {
            presences.flow(forebay, topics);
            presences.gets(forebay);
            presences.writes(forebay);
        }
    }

    private static void events(EventsBenchmarks events, TestCluster cluster, Path state) throws Exception {
        ForebayInstance forebay = ForebayInstance.start(cluster);
        try (forebay;
                EventTopics topics = new EventTopics(forebay)) {
            events.flow(forebay, topics);
            events.appends(forebay);
            events.reads(forebay);
        }
        events.restore(forebay, state);
    }

    private static void sync(SyncBenchmarks sync, TestCluster cluster) throws Exception {
        try (ForebayInstance forebay = ForebayInstance.start(cluster, sync.settings());
                ToldTopics topics = new ToldTopics(forebay)) {
            sync.routing(forebay, topics);
        }
    }

    private static void keys(KeysBenchmarks keys, TestCluster cluster, Path state) throws Exception {
        try (ForebayInstance forebay = ForebayInstance.start(cluster)) {
            Redis redis = Redis.start(state);
            if (redis == null) {
                System.out.println("redis-server is not installed: keys are measured alone");
                keys.forebay(forebay);
                return;
            }
            try (redis) {
                keys.both(forebay, redis);
            }
        }
    }
}
