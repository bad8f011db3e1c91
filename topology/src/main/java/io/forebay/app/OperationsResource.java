package io.forebay.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.routing.ApplicationInfo;
import io.forebay.routing.InstanceInfo;
import io.forebay.routing.Router;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** The calls for whoever runs Forebay: alive, ready, measured, and who keeps what. */
final class OperationsResource implements Resource {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<List<String>> notReady;
    private final Supplier<String> metrics;
    private final Router router;
    private final BiPredicate<String, String> isKept;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * The calls.
     *
     * @param isKept whether the partitions that an application's instances keep are those of a topic; it may read others besides
     */
    OperationsResource(
            Supplier<List<String>> notReady,
            Supplier<String> metrics,
            Router router,
            BiPredicate<String, String> isKept) {
        this.notReady = notReady;
        this.metrics = metrics;
        this.router = router;
        this.isKept = isKept;
    }

    @Override
    public void register(Routes routes) {
        byte[] alive = "{\"status\":\"alive\"}".getBytes(StandardCharsets.UTF_8);
        routes.add(Route.get("/livez", request -> done(Response.json(alive))).open());
        routes.add(Route.get("/readyz", request -> done(ready())).open());
        routes.add(Route.get(
                        "/metrics",
                        request -> done(
                                Response.of(200, METRICS_TYPE, metrics.get().getBytes(StandardCharsets.UTF_8))))
                .open()
                .onWorker());
        routes.add(Route.get("/v1/instances", request -> done(instances())).onWorker());
        routes.add(Route.get("/v1/topology", request -> done(topology())).onWorker());
    }

    private Response ready() {
        List<String> reasons = notReady.get();
        ObjectNode body = json.createObjectNode();
        body.put("status", reasons.isEmpty() ? "ready" : "not ready");
        ArrayNode list = body.putArray("reasons");
        reasons.forEach(list::add);
        return answer(reasons.isEmpty() ? 200 : 503, body);
    }

    private Response instances() {
        ObjectNode body = json.createObjectNode();
        ArrayNode list = body.putArray("instances");
        for (InstanceInfo instance : router.instances()) {
            ObjectNode node = list.addObject();
            node.put(
                    "address",
                    instance.address().host() + ":" + instance.address().port());
            node.put("self", instance.self());
            ArrayNode shares = node.putArray("applications");
            for (InstanceInfo.Share share : instance.shares()) {
                ObjectNode one = shares.addObject();
                one.put("application", share.application());
                add(one.putArray("active"), share.application(), share.active());
                add(one.putArray("standby"), share.application(), share.standby());
            }
        }
        return answer(200, body);
    }

    private Response topology() {
        ObjectNode body = json.createObjectNode();
        ArrayNode list = body.putArray("applications");
        for (ApplicationInfo application : router.topology()) {
            ObjectNode node = list.addObject();
            node.put("application", application.name());
            node.put("state", application.state());
            ArrayNode partitions = node.putArray("partitions");
            for (ApplicationInfo.Placement placement : application.partitions()) {
                ObjectNode one = partitions.addObject();
                one.put("topic", placement.partition().topic());
                one.put("partition", placement.partition().partition());
                one.put(
                        "owner",
                        placement.owner().host() + ":" + placement.owner().port());
            }
        }
        return answer(200, body);
    }

    private void add(ArrayNode to, String application, List<TopicPartition> partitions) {
        partitions.stream()
                .filter(partition -> isKept.test(application, partition.topic()))
                .forEach(partition -> to.add(partition.partition()));
    }

    private Response answer(int status, ObjectNode body) {
        try {
            return Response.json(status, json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can be written", e);
        }
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
