package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Caches by the calls of a running Forebay that has topics and state of its own. Who is told to wait asks again and waits. */
final class CachesOverHttp extends CacheOperations {
    private final ForebayStack stack;
    private final ExecutorService waiting = Executors.newCachedThreadPool();
    private final List<Waiter> waiters = new ArrayList<>();
    private final Map<String, String> holders = new HashMap<>();

    /** A call that waits for another one's load. */
    private record Waiter(String key, String caller, CompletableFuture<Reply> reply) {}

    private CachesOverHttp(ForebayStack stack) {
        this.stack = stack;
    }

    static CachesOverHttp open() {
        return new CachesOverHttp(ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "keys")));
    }

    @Override
    Begun begin(String key, JsonNode lifetime, String caller) {
        ObjectNode asked = Json.object();
        if (!lifetime.isMissingNode()) {
            asked.set("lifetime", lifetime);
        }
        Reply reply = ask(key, asked, 0);
        String lease = reply.header("Forebay-Lease");
        if (reply.isSuccess()) {
            return new Begun(reply.json(), null, null, null);
        } else if (reply.code().equals("not_cached") && lease != null) {
            holders.put(key, caller);
            return new Begun(null, lease, null, null);
        } else if (reply.code().equals("load_in_progress")) {
            waiters.add(new Waiter(key, caller, CompletableFuture.supplyAsync(() -> ask(key, asked, 30), waiting)));
            return new Begun(null, null, holders.get(key), null);
        }
        return new Begun(null, null, null, error(reply));
    }

    private Reply ask(String key, ObjectNode asked, int seconds) {
        return call("POST", key)
                .prefer("wait=" + seconds)
                .json(Json.write(asked))
                .send();
    }

    @Override
    Filled fill(String key, @Nullable String lease, JsonNode value) {
        Call call = call("PUT", key).json(Json.write(value));
        Reply reply = lease == null
                ? call.send()
                : call.header("Forebay-Lease", lease).send();
        return reply.isSuccess()
                ? new Filled(reply.json().required("kept").asBoolean(), null)
                : new Filled(null, error(reply));
    }

    @Override
    void giveUp(String key, String lease) {
        call("DELETE", key).header("Forebay-Lease", lease).send().orFail();
    }

    @Override
    JsonNode delete(String key) {
        Reply reply = call("DELETE", key).send();
        return reply.isSuccess() ? ok() : Json.object().put("error", error(reply));
    }

    @Override
    List<String> woken(String key) {
        List<String> woken = new ArrayList<>();
        for (Waiter waiter : waitersOf(key)) {
            if (waiter.reply().orTimeout(20, TimeUnit.SECONDS).join().isSuccess()) {
                woken.add(waiter.caller());
            }
        }
        return woken;
    }

    @Override
    @Nullable
    String nextLoader(String key) {
        for (Waiter waiter : waitersOf(key)) {
            Reply reply = waiter.reply().orTimeout(20, TimeUnit.SECONDS).join();
            if (reply.code().equals("not_cached")) {
                return waiter.caller();
            }
        }
        return null;
    }

    private List<Waiter> waitersOf(String key) {
        List<Waiter> found =
                waiters.stream().filter(waiter -> waiter.key().equals(key)).toList();
        waiters.removeAll(found);
        return found;
    }

    @Override
    JsonNode advance(long millis) {
        throw new IllegalStateException("over HTTP no clock is moved");
    }

    @Override
    JsonNode clock(Instant at) {
        throw new IllegalStateException("over HTTP no clock is moved");
    }

    @Override
    public void close() {
        waiting.shutdownNow();
        stack.close();
    }

    private Call call(String method, String key) {
        return stack.client().call(method, "/v1/caches/" + CACHE + "/" + ForebayClient.encode(key));
    }

    /** The vectors' error class of a problem. */
    private static String error(Reply reply) {
        return switch (reply.code()) {
            case "invalid" -> "invalid";
            case "lease_not_held" -> "conflict";
            default -> reply.toString();
        };
    }
}
