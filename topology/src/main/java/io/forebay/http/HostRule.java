package io.forebay.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * By which names a server may be called that asks nobody for identity and counts on loopback to keep strangers out. A web
 * page can point a name of its own at 127.0.0.1 and have the browser call it (DNS rebinding), so only names that cannot
 * be pointed elsewhere are taken: {@code localhost}, addresses, and what the configuration adds.
 */
final class HostRule {
    private final boolean applies;
    private final Set<String> allowed;

    HostRule(HttpConfig config, boolean identityConfigured) {
        this.applies = !identityConfigured && isLoopback(config.host());
        this.allowed = config.allowedHosts();
    }

    void check(HttpServerRequest request) {
        if (!applies) {
            return;
        }
        HostAndPort authority = request.authority();
        String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
        boolean known = host.isEmpty()
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("[")
                || host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
                || allowed.contains(host);
        if (!known) {
            throw Problem.of(421, "misdirected_request", "This server is not known by that name", null)
                    .exception();
        }
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
