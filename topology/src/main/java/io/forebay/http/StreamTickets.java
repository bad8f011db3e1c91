package io.forebay.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Short-lived passes to open an event stream. A browser's EventSource sets no headers, so its identity has to travel in
 * the URL, where logs may keep it: what travels is a pass that opens streams only and soon ends. It holds the claims of
 * the token it was given for, under an HMAC whose key comes from the cluster's secret, so that any instance takes it;
 * without a secret the key is random and only the instance that gave the pass takes it.
 */
final class StreamTickets {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final Duration lifetime;
    private final InstantSource clock;

    StreamTickets(@Nullable String clusterSecret, Duration lifetime, InstantSource clock) {
        this.key = new SecretKeySpec(clusterSecret == null ? random() : derive(clusterSecret), HMAC);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A ticket and when it ends. */
    record Ticket(String value, Instant expiresAt) {}

    Ticket issue(Claims claims) {
        Instant expiresAt = Instant.ofEpochSecond(clock.instant().plus(lifetime).getEpochSecond());
        try {
            byte[] content =
                    JSON.writeValueAsBytes(Map.of("claims", claims.values(), "exp", expiresAt.getEpochSecond()));
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            return new Ticket(
                    base64.encodeToString(content) + '.' + base64.encodeToString(mac(key, content)), expiresAt);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("claims that are not JSON", e);
        }
    }

    Claims verify(String ticket) {
        int dot = ticket.indexOf('.');
        if (dot < 0) {
            throw refused();
        }
        try {
            Base64.Decoder base64 = Base64.getUrlDecoder();
            byte[] content = base64.decode(ticket.substring(0, dot));
            if (!MessageDigest.isEqual(mac(key, content), base64.decode(ticket.substring(dot + 1)))) {
                throw refused();
            }
            Map<String, Object> parsed = JSON.readValue(content, OBJECT);
            if (parsed.get("exp") instanceof Number exp
                    && clock.instant().isBefore(Instant.ofEpochSecond(exp.longValue()))
                    && parsed.get("claims") instanceof Map<?, ?> claims) {
                return new Claims(JSON.convertValue(claims, OBJECT));
            }
            throw refused();
        } catch (IllegalArgumentException | IOException e) {
            throw refused();
        }
    }

    private static ProblemException refused() {
        return JwtAuthenticator.unauthenticated("the stream ticket is not valid, or no longer")
                .exception();
    }

    private static byte[] derive(String secret) {
        return mac(
                new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC),
                "forebay stream ticket".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] mac(SecretKeySpec key, byte[] content) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
