package io.forebay.http;

import io.forebay.routing.PeerTransport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Calls other instances over a few HTTP/2 connections that are kept open.
 *
 * <p>A call is made on an event loop whoever asks for it: there its steps are one after another with what arrives. On
 * another thread the answer may have come and gone before the step that wants its body is attached, and Vert.x then
 * answers an empty one.
 */
final class VertxPeerTransport implements PeerTransport {
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int CONNECTIONS = 2;

    private final HttpClient client;
    private final Context loop;
    private final @Nullable String secret;

    VertxPeerTransport(Vertx vertx, @Nullable String secret) {
        this.secret = secret;
        this.loop = vertx.getOrCreateContext();
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpKeepAlive(true);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    }

    @Override
    public CompletionStage<byte[]> call(HostInfo peer, byte[] request, Duration timeout) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(peer.host())
                .setPort(peer.port())
                .setURI(PeerResource.PATH)
                .setTimeout(Math.max(1, timeout.toMillis()))
                .putHeader("Content-Type", PeerResource.MEDIA_TYPE);
        if (secret != null) {
            options.putHeader(PeerResource.SECRET_HEADER, secret);
        }
        Promise<byte[]> answer = Promise.promise();
        loop.runOnContext(v -> client.request(options)
                .compose(call -> call.send(Buffer.buffer(request)))
                .compose(VertxPeerTransport::body)
                .onComplete(answer));
        return answer.future().toCompletionStage();
    }

    private static Future<byte[]> body(HttpClientResponse response) {
        return response.body()
                .compose(body -> response.statusCode() == 200
                        ? Future.succeededFuture(body.getBytes())
                        : Future.failedFuture(new IOException("the peer answered " + response.statusCode())));
    }
}
