package io.forebay.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies JSON Web Tokens (RFC 7519) against the issuer's public keys, as RFC 8725 advises: the algorithms come from the
 * configuration and never from the token, shared-secret algorithms and {@code none} are not among them, {@code exp} is
 * required, issuer and audience are compared where configured.
 *
 * <p>Ed25519 goes through the JDK's own signature, as the library wants another one for it.
 */
public final class JwtAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(JwtAuthenticator.class);
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_KEY_SET_BYTES = 256 * 1024;
    private static final long OUTAGE_MS = 4 * 60 * 60 * 1000L;
    private static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

    private final JWKSource<SecurityContext> keys;
    private final DefaultJWTClaimsVerifier<SecurityContext> rules;
    private final Set<String> algorithms;
    private final Executor executor;

    private JwtAuthenticator(
            JWKSource<SecurityContext> keys, AuthConfig config, InstantSource clock, Executor executor) {
        this.keys = keys;
        this.algorithms = config.algorithms();
        this.executor = executor;
        this.rules = rules(config, clock);
    }

    /**
     * An authenticator by configuration.
     *
     * @param executor runs the verification where keys may have to be fetched for it
     * @throws IOException if the key file cannot be read or holds no public key
     */
    public static JwtAuthenticator create(AuthConfig config, InstantSource clock, Executor executor)
            throws IOException {
        URI url = config.jwksUrl();
        if (url != null) {
            return new JwtAuthenticator(remote(url), config, clock, executor);
        }
        java.nio.file.Path file = config.keyFile();
        if (file == null) {
            throw new IllegalArgumentException("neither a key set's URL nor a key file is configured");
        }
        return new JwtAuthenticator(new ImmutableJWKSet<>(KeyFile.read(file)), config, clock, Runnable::run);
    }

    private static JWKSource<SecurityContext> remote(URI url) throws MalformedURLException {
        return JWKSourceBuilder.create(
                        url.toURL(), new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_KEY_SET_BYTES))
                .retrying(true)
                .outageTolerant(OUTAGE_MS)
                .build();
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> rules(AuthConfig config, InstantSource clock) {
        JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
        if (config.issuer() != null) {
            exact.issuer(config.issuer());
        }
        // Not an immutable set: the verifier asks it for null.
        Set<String> audiences = config.audiences().isEmpty() ? null : new HashSet<>(config.audiences());
        DefaultJWTClaimsVerifier<SecurityContext> rules =
                new DefaultJWTClaimsVerifier<>(audiences, exact.build(), Set.of("exp"), Set.of()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        rules.setMaxClockSkew((int) config.skew().toSeconds());
        return rules;
    }

    @Override
    public CompletionStage<Claims> authenticate(String token) {
        return CompletableFuture.supplyAsync(() -> verify(token), executor);
    }

    private Claims verify(String token) {
        if (token.length() > MAX_TOKEN_CHARACTERS) {
            throw refused("the token is too long");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!algorithms.contains(jwt.getHeader().getAlgorithm().getName())) {
                throw refused("the signature algorithm is not accepted");
            }
            if (!isSigned(jwt)) {
                throw refused("no known key signed the token");
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            rules.verify(claims, null);
            return new Claims(claims.toJSONObject());
        } catch (ParseException e) {
            throw refused("not a signed JSON Web Token");
        } catch (BadJWTException e) {
            throw refused("the claims do not hold: expired, not yet valid, or for another issuer or audience");
        } catch (KeySourceException e) {
            LOG.warn("The issuer's keys cannot be fetched: {}", e.getMessage());
            throw Problem.unavailable("identity_unavailable", "The issuer's keys cannot be fetched now", null, 5)
                    .exception();
        } catch (JOSEException e) {
            throw refused("the signature cannot be verified");
        }
    }

    private boolean isSigned(SignedJWT jwt) throws JOSEException {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(jwt.getHeader());
        if (matcher == null) {
            return false;
        }
        List<JWK> candidates = keys.get(new JWKSelector(matcher), null);
        for (JWK key : candidates) {
            JWSVerifier verifier = verifier(key, jwt.getHeader().getAlgorithm());
            if (verifier != null && jwt.verify(verifier)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable JWSVerifier verifier(JWK key, JWSAlgorithm algorithm) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec.toECPublicKey());
        }
        return key instanceof OctetKeyPair pair && algorithm.equals(JWSAlgorithm.EdDSA)
                ? new JdkEd25519Verifier(pair)
                : null;
    }

    private static ProblemException refused(String reason) {
        return unauthenticated(reason)
                .withHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .exception();
    }

    /** 401 {@code unauthenticated}. */
    static Problem unauthenticated(String detail) {
        return Problem.of(401, "unauthenticated", "The request needs a valid token", detail)
                .withHeader("WWW-Authenticate", "Bearer");
    }
}
