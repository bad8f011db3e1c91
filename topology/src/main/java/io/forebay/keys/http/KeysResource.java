package io.forebay.keys.http;

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
import io.forebay.http.calls.StreamCalls;
import io.forebay.keys.KeyLimits;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.stream.Feed;
import io.forebay.stream.StreamHub;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Every call of keys. */
public final class KeysResource implements Resource {
    private static final String ALL = "/v1/keys";
    private static final String NAMESPACE = "/v1/keys/{ns}";
    private static final String ONE = "/v1/keys/{ns}/{key...}";

    private final KeyAddress addresses;
    private final KeyBodies bodies;
    private final KeyWrites writes;
    private final KeyReads reads;
    private final KeyStream stream;
    private final KeysHttpConfig config;

    /**
     * The calls.
     *
     * @param store the store of keys, whose source is the topic of their commands
     * @param transactions sends what concerns several partitions
     * @param serializer writes that topic's values
     * @param feed the sync topic and {@link KeyChangeCodec}
     */
    public KeysResource(
            StoreRef store,
            Router router,
            CommandSender sender,
            TransactionalSender transactions,
            Outcomes outcomes,
            Serializer<KeyCommand> serializer,
            StreamHub hub,
            Feed feed,
            KeysHttpConfig config) {
        KeyLimits limits = new KeyLimits(config.keys());
        this.addresses = new KeyAddress(limits);
        this.bodies = new KeyBodies(addresses, limits, config);
        this.writes = new KeyWrites(
                new CommandCalls<>(sender, outcomes, store, serializer, config.outcomeTimeout()),
                transactions,
                store.source());
        this.reads = new KeyReads(router, store, config);
        this.stream = new KeyStream(
                new StreamCalls(hub, feed, router, store, config.readTimeout()), store.source(), config.snapshotPage());
        this.config = config;
    }

    @Override
    public void register(Routes routes) {
        Route.Body value = Route.Body.any(config.keys().valueMaxBytes());
        Route.Body batch = Route.Body.json(config.batchBytes());
        routes.add(Route.get(ONE, request -> reads.get(request, addresses.keyOfPath(request)))
                .parameters("max-staleness"));
        routes.add(Route.of("PUT", ONE, request -> writes.put(request, addresses.keyOfPath(request)))
                .parameters("ttl_ms", "sliding")
                .body(value));
        routes.add(Route.delete(ONE, request -> writes.delete(request, addresses.keyOfPath(request))));

        routes.add(Route.get(NAMESPACE, this::listNamespace)
                .parameters("match", "limit", "cursor", "allow-partial", "max-staleness", "start")
                .streaming());
        routes.add(Route.of("POST", NAMESPACE, this::batch).body(batch).onWorker());
        routes.add(Route.delete(NAMESPACE, this::deleteFromNamespace).parameters("match"));
        routes.add(Route.of("POST", NAMESPACE + ":get", this::getMany)
                .parameters("max-staleness")
                .body(batch)
                .onWorker());
        routes.add(
                Route.of("POST", NAMESPACE + ":touch", this::touch).body(batch).onWorker());

        routes.add(Route.get(ALL, this::getOrList)
                .parameters("ns", "key", "match", "limit", "cursor", "allow-partial", "max-staleness", "start")
                .streaming());
        routes.add(Route.of("PUT", ALL, request -> writes.put(request, addresses.keyOfParameter(request)))
                .parameters("ns", "key", "ttl_ms", "sliding")
                .body(value));
        routes.add(Route.delete(ALL, this::deleteOneOrMatch).parameters("ns", "key", "match"));
    }

    private CompletionStage<Response> listNamespace(Request request) {
        return list(request, KeyAddress.namespaceOfPath(request));
    }

    private CompletionStage<Response> list(Request request, String namespace) {
        PathMatch given = addresses.match(request, namespace);
        PathMatch match = given == null ? KeyAddress.all(namespace) : given;
        if (request.wantsEvents()) {
            return stream.open(request, match);
        }
        if (request.parameter("start") != null) {
            throw Problem.invalid("start", "is taken by a stream only").exception();
        }
        return reads.list(request, match);
    }

    private CompletionStage<Response> getOrList(Request request) {
        if (request.parameter("key") == null) {
            return list(request, KeyAddress.namespaceOfParameter(request));
        }
        for (String name : new String[] {"match", "limit", "cursor", "allow-partial", "start"}) {
            if (request.parameter(name) != null) {
                throw Problem.invalid(name, "is not taken beside key").exception();
            }
        }
        return reads.get(request, addresses.keyOfParameter(request));
    }

    private CompletionStage<Response> batch(Request request) {
        String namespace = KeyAddress.namespaceOfPath(request);
        Conditions.refuse(request);
        return writes.batch(request, bodies.batch(request.body(), namespace));
    }

    private CompletionStage<Response> getMany(Request request) {
        String namespace = KeyAddress.namespaceOfPath(request);
        List<Path> keys = bodies.keys(request.body(), namespace, config.getCount());
        return reads.getMany(request, keys);
    }

    private CompletionStage<Response> touch(Request request) {
        String namespace = KeyAddress.namespaceOfPath(request);
        Conditions.refuse(request);
        return writes.touch(
                request, bodies.keys(request.body(), namespace, config.keys().batchMaxCount()));
    }

    private CompletionStage<Response> deleteFromNamespace(Request request) {
        return deleteMatch(request, addresses.match(request, KeyAddress.namespaceOfPath(request)));
    }

    private CompletionStage<Response> deleteOneOrMatch(Request request) {
        if (request.parameter("match") == null) {
            return writes.delete(request, addresses.keyOfParameter(request));
        }
        if (request.parameter("key") != null) {
            throw Problem.invalid("match", "is not taken beside key").exception();
        }
        return deleteMatch(request, addresses.match(request, KeyAddress.namespaceOfParameter(request)));
    }

    private CompletionStage<Response> deleteMatch(Request request, @Nullable PathMatch match) {
        if (match == null) {
            throw Problem.invalid("match", "must be given; ** meets every key of the namespace")
                    .exception();
        }
        Conditions.refuse(request);
        return writes.deleteMatch(request, match);
    }
}
