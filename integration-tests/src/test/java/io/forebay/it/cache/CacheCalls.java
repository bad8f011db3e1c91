package io.forebay.it.cache;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The calls of one cache on one instance. */
public final class CacheCalls {
    private final ForebayClient client;
    private final String cache;

    public CacheCalls(ForebayClient client, String cache) {
        this.client = client;
        this.cache = cache;
    }

    private String path(String key) {
        return "/v1/caches/" + cache + "/" + key;
    }

    /** Asks for an entry. */
    public Reply ask(String key, String lifetime, int waitSeconds) {
        return ask(key, lifetime, waitSeconds, null);
    }

    /** Asks for an entry at or after a position. */
    public Reply ask(String key, String lifetime, int waitSeconds, @Nullable String atLeast) {
        return client.call("POST", path(key))
                .prefer("wait=" + waitSeconds)
                .atLeast(atLeast)
                .json("{\"lifetime\":" + lifetime + "}")
                .send();
    }

    /** Asks for an entry at or after a position, whatever its age. */
    Reply askAt(String key, String position) {
        return client.call("POST", path(key))
                .atLeast(position)
                .prefer("wait=0")
                .json("{}")
                .send();
    }

    /** The lease of an answer that asks its caller to load. */
    public static String lease(Reply reply) {
        if (!reply.code().equals("not_cached")) {
            throw new AssertionError("no lease: " + reply);
        }
        return Objects.requireNonNull(reply.header("Forebay-Lease"));
    }

    /** How many entries an instance took out of a cache to keep to its limit. */
    static double evictions(ForebayClient client, String cache) {
        String counter = "forebay_cache_evictions_total{cache=\"" + cache + "\"} ";
        return client.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(counter))
                .mapToDouble(line -> Double.parseDouble(line.substring(counter.length())))
                .sum();
    }

    /** Whether an answer is an older value while it is loaded anew. */
    static boolean isStale(Reply reply) {
        String status = reply.header("Cache-Status");
        return status != null && status.startsWith("forebay; hit; ttl=");
    }

    public Reply fill(String key, String lease, String json) {
        return client.call("PUT", path(key))
                .header("Forebay-Lease", lease)
                .json(json)
                .send();
    }

    public Reply fill(String key, String lease, String json, String tag) {
        return client.call("PUT", path(key) + "?tag=" + tag)
                .header("Forebay-Lease", lease)
                .json(json)
                .send();
    }

    public Reply giveUp(String key, String lease) {
        return client.call("DELETE", path(key)).header("Forebay-Lease", lease).send();
    }

    public Reply invalidate(String key) {
        return client.delete(path(key));
    }

    public Reply invalidateMatch(String match) {
        return client.delete("/v1/caches/" + cache + "?match=" + ForebayClient.encode(match));
    }

    public Reply invalidateTag(String tag) {
        return client.delete("/v1/caches/" + cache + "?tag=" + tag);
    }
}
