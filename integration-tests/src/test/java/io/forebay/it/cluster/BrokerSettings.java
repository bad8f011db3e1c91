package io.forebay.it.cluster;

import java.util.Map;
import java.util.TreeMap;

/**
 * Broker settings of every test cluster. A group that forms at once and notices a lost member within seconds takes a start of the streams
 * application from more than six seconds to less than two, which is most of what a suite would otherwise wait for.
 */
final class BrokerSettings {
    private static final Map<String, String> QUICK_GROUPS = Map.of(
            "group.streams.initial.rebalance.delay.ms", "0",
            "group.streams.min.heartbeat.interval.ms", "500",
            "group.streams.heartbeat.interval.ms", "500",
            "group.streams.min.session.timeout.ms", "3000",
            "group.streams.session.timeout.ms", "6000");
    private static final Map<String, String> SMALL = Map.of(
            "transaction.state.log.num.partitions", "4",
            "auto.create.topics.enable", "false",
            "log.cleaner.dedupe.buffer.size", "4194304");

    /** What a broker alone needs; the in-VM cluster sets these by itself and refuses to have them set. */
    private static final Map<String, String> ONE_BROKER = Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0");

    private BrokerSettings() {}

    static Map<String, String> quick() {
        Map<String, String> settings = new TreeMap<>(SMALL);
        settings.putAll(QUICK_GROUPS);
        return settings;
    }

    static Map<String, String> quickAlone() {
        Map<String, String> settings = quick();
        settings.putAll(ONE_BROKER);
        return settings;
    }
}
