package io.forebay.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.routing.ApplicationInfo;
import io.forebay.routing.InstanceInfo;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.state.HostInfo;

/** {@code /v1/topology}: which instance owns which partition. {@code /v1/instances}: what each instance keeps. */
public final class TopologyResource implements Resource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<List<ApplicationInfo>> applications;
    private final Supplier<List<InstanceInfo>> instances;

    /** The two routes over the router's view of the cluster. */
    public TopologyResource(Supplier<List<ApplicationInfo>> applications, Supplier<List<InstanceInfo>> instances) {
        this.applications = applications;
        this.instances = instances;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.get("/v1/topology", request -> topology()).onWorker());
        routes.add(Route.get("/v1/instances", request -> instances()).onWorker());
    }

    private CompletionStage<Response> topology() {
        List<Map<String, Object>> documents = applications.get().stream()
                .map(application -> ordered(
                        "name",
                        application.name(),
                        "state",
                        application.state(),
                        "partitions",
                        application.partitions().stream()
                                .map(placement -> ordered(
                                        "topic",
                                        placement.partition().topic(),
                                        "partition",
                                        placement.partition().partition(),
                                        "owner",
                                        address(placement.owner())))
                                .toList()))
                .toList();
        return json(Map.of("applications", documents));
    }

    private CompletionStage<Response> instances() {
        List<Map<String, Object>> documents = instances.get().stream()
                .map(instance -> ordered(
                        "address",
                        address(instance.address()),
                        "self",
                        instance.self(),
                        "applications",
                        instance.shares().stream()
                                .map(share -> ordered(
                                        "name",
                                        share.application(),
                                        "active",
                                        partitions(share.active()),
                                        "standby",
                                        partitions(share.standby())))
                                .toList()))
                .toList();
        return json(Map.of("instances", documents));
    }

    private static List<Map<String, Object>> partitions(List<TopicPartition> partitions) {
        return partitions.stream()
                .map(partition -> ordered("topic", partition.topic(), "partition", partition.partition()))
                .toList();
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            document.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return document;
    }

    private static String address(HostInfo host) {
        return host.host() + ":" + host.port();
    }

    private static CompletionStage<Response> json(Object document) {
        try {
            return CompletableFuture.completedFuture(
                    Response.json(JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
