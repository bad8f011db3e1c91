package io.forebay.http;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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

    private static final Pattern ANY = Pattern.compile("[^\\s\\x00][^\\x00]*");

    private static final Pattern HTTPS_OR_LOOPBACK =
            Pattern.compile("https://\\S+|http://(localhost|127\\.0\\.0\\.1|\\[::1])[:/]\\S*");

    private static final Key<URI> JWKS = new Key<>(
            "forebay.auth.jwks.url",
            "URL",
            null,
            "an https URL, or http on loopback",
            false,
            "URL of the issuer's JSON Web Key Set.",
            AuthConfig::keySetUrl);

    private static final Key<String> KEY_FILE = Key.text(
            "forebay.auth.key.file",
            null,
            "a path",
            ANY,
            "File with a JSON Web Key Set, one key, or public keys in PEM.");

    private static final Key<String> ISSUER = Key.text("forebay.auth.issuer", null, "a text", ANY, "What iss must be.");

    private static final Key<Set<String>> AUDIENCES =
            Key.set("forebay.auth.audiences", "", "a list of texts", ANY, "Audiences of which aud must hold one.");

    private static final Key<Set<String>> ALGORITHM = Key.set(
            "forebay.auth.algorithms",
            String.join(",", ALGORITHMS.stream().sorted().toList()),
            "a list of " + String.join(", ", ALGORITHMS.stream().sorted().toList()),
            Pattern.compile(String.join("|", ALGORITHMS)),
            "Signature algorithms that are accepted.");

    private static final Key<Duration> SKEW = Key.duration(
            "forebay.auth.skew",
            Duration.ofSeconds(30),
            Duration.ZERO,
            Duration.ofMinutes(10),
            "How far the clocks of issuer and server may be apart.");

    private static final Key<Duration> TICKET = Key.duration(
            "forebay.auth.ticket.lifetime",
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            "How long a stream ticket may be used to open a stream.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(JWKS, KEY_FILE, ISSUER, AUDIENCES, ALGORITHM, SKEW, TICKET);
    }

    private static URI keySetUrl(String text) {
        if (!HTTPS_OR_LOOPBACK.matcher(text).matches()) {
            throw new IllegalArgumentException("not a URL of a key set");
        }
        return URI.create(text);
    }

    /** Reads it. */
    public static AuthConfig read(ConfigReader reader) {
        URI jwks = reader.find(JWKS);
        String file = reader.find(KEY_FILE);
        if (jwks != null && file != null) {
            reader.problem(KEY_FILE.name(), "either this or " + JWKS.name() + ", not both");
        }
        return new AuthConfig(
                jwks,
                file == null ? null : Path.of(file),
                reader.find(ISSUER),
                reader.get(AUDIENCES),
                reader.get(ALGORITHM),
                reader.get(SKEW),
                reader.get(TICKET));
    }
}
