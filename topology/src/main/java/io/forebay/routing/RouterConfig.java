package io.forebay.routing;

import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;

/**
 * What the router needs to know of its instance.
 *
 * @param self the address at which peers reach this instance: its {@code application.server}; asked once it serves
 * @param scanThreads threads that evaluate scans
 * @param scanQueue scans that may wait for a thread; further ones are refused
 */
public record RouterConfig(Supplier<HostInfo> self, int scanThreads, int scanQueue) {

    public RouterConfig {
        if (scanThreads < 1) {
            throw new IllegalArgumentException("scanThreads must be positive, not " + scanThreads);
        }
        if (scanQueue < 1) {
            throw new IllegalArgumentException("scanQueue must be positive, not " + scanQueue);
        }
    }
}
