package io.forebay.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who a request comes from: by its bearer token, by its stream ticket, or nobody in particular. */
final class Identity {
    private static final String BEARER = "Bearer ";
    private static final CompletionStage<Claims> NOBODY = CompletableFuture.completedFuture(Claims.ANONYMOUS);

    private final @Nullable Authenticator authenticator;
    private final StreamTickets tickets;
    private final Duration skew;
    private final InstantSource clock;

    Identity(
            @Nullable Authenticator authenticator,
            @Nullable String clusterSecret,
            AuthConfig config,
            InstantSource clock) {
        this.authenticator = authenticator;
        this.tickets = new StreamTickets(clusterSecret, config.ticketLifetime(), clock);
        this.skew = config.skew();
        this.clock = clock;
    }

    boolean isConfigured() {
        return authenticator != null;
    }

    StreamTickets tickets() {
        return tickets;
    }

    /** From when on claims are not accepted any more, null if they have no end. */
    @Nullable
    Instant end(Claims claims) {
        Instant expiry = claims.expiry();
        return expiry == null ? null : expiry.plus(skew);
    }

    CompletionStage<Claims> of(Route route, Request.Headers headers, Map<String, List<String>> parameters) {
        if (authenticator == null || route.isPublic()) {
            return NOBODY;
        }
        String authorization = Request.single(headers, "Authorization");
        if (authorization != null) {
            if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                throw JwtAuthenticator.unauthenticated("the scheme must be Bearer")
                        .exception();
            }
            return authenticator.authenticate(
                    authorization.substring(BEARER.length()).trim());
        }
        List<String> given = parameters.getOrDefault(Route.TICKET, List.of());
        if (route.stream() && given.size() == 1 && Request.acceptsEvents(headers)) {
            return CompletableFuture.completedFuture(unexpired(tickets.verify(given.get(0))));
        }
        throw JwtAuthenticator.unauthenticated("there is none").exception();
    }

    private Claims unexpired(Claims claims) {
        Instant end = end(claims);
        if (end != null && !clock.instant().isBefore(end)) {
            throw JwtAuthenticator.unauthenticated("the token that the stream ticket was given for has expired")
                    .exception();
        }
        return claims;
    }
}
