package io.forebay.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of this machine, asked before a server binds them. */
public final class LocalPort {

    private LocalPort() {}

    /**
     * Makes sure that a port can be bound, so that a taken one is told in one sentence and before anything is started.
     *
     * @param address the address that will be bound
     * @param port the port, 1 to 65535
     * @param what what the port is for, as the message names it ("Kafka")
     * @param option the option that chooses another port ("--kafka-port")
     * @throws StartException where it cannot be bound
     */
    public static void requireFree(InetAddress address, int port, String what, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
        } catch (IOException e) {
            throw new StartException(
                    "port %d on %s, wanted for %s, cannot be bound (%s): stop the program that has it, or choose another port with %s"
                            .formatted(port, address.getHostAddress(), what, e.getMessage(), option),
                    e);
        }
    }

    /**
     * A port that nothing listens on at this moment.
     *
     * @param address the address that will be bound
     * @return the port
     */
    public static int anyFree(InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, 0), 1);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartException(
                    "no port on %s can be bound: %s".formatted(address.getHostAddress(), e.getMessage()), e);
        }
    }
}
