package io.forebay.cache.http;

import io.forebay.cache.CacheRules;
import io.forebay.cache.CacheStats;
import io.forebay.cache.loader.Loaders;
import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.Refusals;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serializer;

/** Every call of caches. */
public final class CacheResource implements Resource {
    private static final String CACHE = "/v1/caches/{cache}";
    private static final String ENTRY = "/v1/caches/{cache}/{key...}";

    private static final String BYTES = "application/octet-stream";
    private static final int ASK_BYTES = 4096;

    private final CacheAddress addresses;
    private final CacheRules rules;
    private final Loaders loaders;
    private final CacheReads reads;
    private final CacheWrites writes;
    private final CacheHttpConfig config;

    /**
     * The calls.
     *
     * @param store the store of keys, whose source is the topic of their commands
     * @param changes the topic of row changes, which invalidate entries
     * @param transactions sends what concerns several partitions
     * @param serializer writes that topic's values
     * @param loaders of the caches that load by themselves
     * @param stats where calls are counted
     * @param nanoTime a clock for spans, as {@link System#nanoTime}
     */
    public CacheResource(
            StoreRef store,
            TopicSpec changes,
            Router router,
            CommandSender sender,
            TransactionalSender transactions,
            Outcomes outcomes,
            Serializer<KeyCommand> serializer,
            CacheHttpConfig config,
            Loaders loaders,
            CacheStats stats,
            LongSupplier nanoTime) {
        CommandCalls<KeyCommand> commands =
                new CommandCalls<>(sender, outcomes, store, serializer, config.outcomeTimeout());
        this.rules = new CacheRules(config.keys());
        this.addresses = new CacheAddress(rules);
        this.loaders = loaders;
        this.reads = new CacheReads(router, store, changes, commands, outcomes, config, loaders, stats, nanoTime);
        this.writes = new CacheWrites(commands, transactions, store.source());
        this.config = config;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.of("POST", ENTRY, this::read).body(Route.Body.json(ASK_BYTES)));
        routes.add(Route.of("PUT", ENTRY, this::fill)
                .parameters("tag")
                .body(Route.Body.any(config.keys().valueMaxBytes())));
        routes.add(Route.delete(ENTRY, this::delete));
        routes.add(Route.delete(CACHE, this::invalidate).parameters("match", "tag"));
    }

    private CompletionStage<Response> read(Request request) {
        String cache = CacheAddress.cache(request);
        Path key = addresses.key(request);
        String unfit = loaders.unfit(cache, key.parts().subList(1, key.size()));
        if (unfit != null) {
            throw Problem.invalid("key", unfit).exception();
        }
        return reads.read(request, cache, key, CacheAddress.lifetime(request.body()));
    }

    private CompletionStage<Response> fill(Request request) {
        Path key = addresses.key(request);
        Conditions.refuse(request);
        Long lease = CacheAddress.lease(request);
        if (lease == null) {
            throw Problem.of(409, "lease_not_held", "A fill takes the lease that its load was begun under", null)
                    .exception();
        }
        String contentType = request.header("Content-Type");
        FillEntry fill = FillEntry.newBuilder()
                .setKey(key.toString())
                .setLease(lease)
                .setValue(ByteBuffer.wrap(request.body()))
                .setContentType(contentType == null ? BYTES : contentType)
                .setTags(request.parameters("tag"))
                .build();
        return writes.fill(request, key, Refusals.checked(() -> {
            rules.fill(fill, "");
            return fill;
        }));
    }

    private CompletionStage<Response> delete(Request request) {
        Path key = addresses.key(request);
        Conditions.refuse(request);
        Long lease = CacheAddress.lease(request);
        return lease == null ? writes.invalidate(request, key) : writes.giveUp(request, key, lease);
    }

    private CompletionStage<Response> invalidate(Request request) {
        String match = request.parameter("match");
        String tag = request.parameter("tag");
        Conditions.refuse(request);
        if ((match == null) == (tag == null)) {
            throw Problem.invalid("match", "must be given, or tag in its place; ** meets every entry of the cache")
                    .exception();
        }
        if (match != null) {
            return writes.invalidateMatch(request, addresses.match(request, match));
        }
        String given = String.valueOf(tag);
        return writes.invalidateTag(request, CacheAddress.cache(request), Refusals.checked(() -> {
            CacheRules.tag(given, "tag");
            return given;
        }));
    }
}
