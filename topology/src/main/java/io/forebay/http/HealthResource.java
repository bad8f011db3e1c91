package io.forebay.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /livez} and {@code /readyz}. An instance that is not ready still answers: what it says is for a load balancer, and
 * for a person who wants to know what it waits for.
 */
public final class HealthResource implements Resource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BooleanSupplier alive;
    private final Supplier<List<Check>> checks;

    /**
     * One thing that has to be in order.
     *
     * @param name for example {@code presence.partitions}
     * @param ready whether it is
     * @param reason what it waits for; null when it is ready
     */
    public record Check(
            String name, boolean ready, @Nullable String reason) {
        /** In order. */
        public static Check ok(String name) {
            return new Check(name, true, null);
        }

        /** Not in order. */
        public static Check waiting(String name, String reason) {
            return new Check(name, false, reason);
        }
    }

    /**
     * The two routes.
     *
     * @param alive whether the process does its work or may still come to it
     * @param checks what has to be in order to be ready, as it is now
     */
    public HealthResource(BooleanSupplier alive, Supplier<List<Check>> checks) {
        this.alive = alive;
        this.checks = checks;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.get("/livez", request -> live()).open());
        routes.add(Route.get("/readyz", request -> ready()).open().onWorker());
    }

    private CompletionStage<Response> live() {
        boolean ok = alive.getAsBoolean();
        return CompletableFuture.completedFuture(Response.json(ok ? 200 : 503, "{\"alive\":" + ok + "}"));
    }

    private CompletionStage<Response> ready() {
        List<Check> all = checks.get();
        boolean ready = all.stream().allMatch(Check::ready);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", ready);
        document.put("checks", all.stream().map(HealthResource::document).toList());
        try {
            byte[] body = JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
            return CompletableFuture.completedFuture(Response.json(ready ? 200 : 503, body));
        } catch (JsonProcessingException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Map<String, Object> document(Check check) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", check.name());
        document.put("ready", check.ready());
        String reason = check.reason();
        if (reason != null) {
            document.put("reason", reason);
        }
        return document;
    }
}
