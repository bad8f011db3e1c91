package io.forebay.routing;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.state.HostInfo;

/** Carries a request to another instance's {@link Router#serve} and its answer back. */
@FunctionalInterface
public interface PeerTransport {

    /**
     * Sends a request.
     *
     * @return the peer's answer; fails in any way when there was none within {@code timeout}. Never blocks
     */
    CompletionStage<byte[]> call(HostInfo peer, byte[] request, Duration timeout);
}
