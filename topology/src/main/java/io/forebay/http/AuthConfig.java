package io.forebay.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where identity comes from. With neither a key set's URL nor a key file there is none.
 *
 * @param jwksUrl the URL of the issuer's JSON Web Key Set, or null
 * @param keyFile a file with a JSON Web Key Set, a single JSON Web Key, or public keys in PEM, or null
 * @param issuer what {@code iss} must be, or null for any
 * @param audiences of which {@code aud} must hold one; empty for any
 * @param algorithms the signature algorithms that are accepted
 * @param skew how far the clocks of issuer and server may be apart
 * @param ticketLifetime how long a stream ticket may be used to open a stream
 */
public record AuthConfig(
        @Nullable URI jwksUrl,
        @Nullable Path keyFile,
        @Nullable String issuer,
        Set<String> audiences,
        Set<String> algorithms,
        Duration skew,
        Duration ticketLifetime) {

    /** The algorithms that may be configured: signatures by key pairs, never by shared secrets. */
    public static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    public AuthConfig {
        audiences = Set.copyOf(audiences);
        algorithms = Set.copyOf(algorithms);
    }

    /** No identity. */
    public static AuthConfig none() {
        return new AuthConfig(null, null, null, Set.of(), ALGORITHMS, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** Whether tokens are asked for. */
    public boolean isConfigured() {
        return jwksUrl != null || keyFile != null;
    }
}
