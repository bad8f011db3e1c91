package io.forebay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries of other instances. They show the cluster's secret; where none is configured, only an instance on the
 * same machine may ask, and only a server bound to loopback answers it.
 */
public final class PeerResource implements Resource {
    static final String PATH = "/internal/query";
    static final String MEDIA_TYPE = "application/cbor";
    static final String SECRET_HEADER = "Forebay-Cluster-Secret";

    private final byte @Nullable [] secret;
    private final boolean boundToLoopback;
    private final long maxBytes;
    private final Function<byte[], CompletionStage<byte[]>> serve;

    /**
     * The queries' way in.
     *
     * @param serve answers a peer's request, as the router does
     */
    public PeerResource(HttpConfig config, Function<byte[], CompletionStage<byte[]>> serve) {
        String configured = config.clusterSecret();
        this.secret = configured == null ? null : configured.getBytes(StandardCharsets.UTF_8);
        this.boundToLoopback = HostRule.isLoopback(config.host());
        this.maxBytes = config.limits().body();
        this.serve = serve;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.of("POST", PATH, this::answer)
                .body(new Route.Body(Set.of(MEDIA_TYPE), maxBytes))
                .open()
                .onWorker());
    }

    private CompletionStage<Response> answer(Request request) {
        if (!isPeer(request)) {
            throw Problem.of(403, "forbidden", "Only instances of the cluster may ask", null)
                    .exception();
        }
        return serve.apply(request.body()).thenApply(answer -> Response.of(200, MEDIA_TYPE, answer));
    }

    private boolean isPeer(Request request) {
        if (secret == null) {
            return boundToLoopback && request.isFromLoopback();
        }
        List<String> shown = request.headers(SECRET_HEADER);
        return shown.size() == 1 && MessageDigest.isEqual(secret, shown.get(0).getBytes(StandardCharsets.UTF_8));
    }
}
