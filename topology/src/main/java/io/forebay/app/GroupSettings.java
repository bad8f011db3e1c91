package io.forebay.app;

import io.forebay.config.ConfigReader;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What passes through but has no effect in Kafka Streams' own configuration: under the streams group protocol (KIP-1071) the coordinator decides how
 * many standbys there are, by a setting of the group that lies in the cluster. So that {@code num.standby.replicas} means what it always has, the group
 * is given it at the start of each instance; where the configuration does not have it, the cluster's setting stays as it is.
 */
final class GroupSettings {

    private static final String STANDBYS = StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG;
    private static final String STANDBYS_OF_GROUP = "streams.num.standby.replicas";

    private GroupSettings() {}

    static void check(Map<String, String> kafka, ConfigReader reader) {
        String standbys = kafka.get(STANDBYS);
        if (standbys != null && !standbys.matches("[0-9]{1,4}")) {
            reader.problem(STANDBYS, "a whole number from 0");
        }
    }

    static boolean holds(String setting) {
        return setting.equals(STANDBYS);
    }

    /** Sets them on the groups, and waits until the cluster has taken them. */
    static void apply(Map<String, String> kafka, Collection<String> groups, Admin admin, Duration timeout)
            throws InterruptedException {
        String standbys = kafka.get(STANDBYS);
        if (standbys == null) {
            return;
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String group : groups) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.GROUP, group),
                    List.of(new AlterConfigOp(new ConfigEntry(STANDBYS_OF_GROUP, standbys), AlterConfigOp.OpType.SET)));
        }
        try {
            admin.incrementalAlterConfigs(changes).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(STANDBYS + " cannot be set on the group: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the cluster gave no answer within " + timeout.toMillis() + " ms", e);
        }
    }
}
