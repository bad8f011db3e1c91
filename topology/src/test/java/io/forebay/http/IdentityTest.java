package io.forebay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ISSUER = "https://issuer.example";

    private static RSAKey rsa;
    private static ECKey ec;
    private static KeyPair ed;
    private static TestServer server;
    private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(NOW);

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("r").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
        ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = ed.getPublic().getEncoded();
        JWK edKey = new OctetKeyPair.Builder(
                        Curve.Ed25519,
                        Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
                .keyID("d")
                .build();
        Path keys = directory.resolve("keys.json");
        Files.writeString(keys, new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK(), edKey)).toString());
        server = start(keys, TestServer.config());
    }

    private static AuthConfig auth(Path keys) {
        return new AuthConfig(
                null,
                keys,
                ISSUER,
                Set.of("forebay"),
                AuthConfig.ALGORITHMS,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }

    private static TestServer start(Path keys, HttpConfig config) throws IOException {
        InstantSource clock = CLOCK::get;
        AuthConfig auth = auth(keys);
        return TestServer.start(
                config,
                JwtAuthenticator.create(auth, clock, Runnable::run),
                auth,
                clock,
                routes -> routes.add(Route.get(
                        "/who",
                        request -> CompletableFuture.completedFuture(
                                Response.json(200, "\"" + request.claims().subject() + "\"")))),
                routes -> routes.add(Route.get(
                                "/stream",
                                request -> CompletableFuture.completedFuture(Response.events(sink -> {
                                    sink.send(
                                            "1",
                                            "who",
                                            String.valueOf(request.claims().subject())
                                                    .getBytes(StandardCharsets.UTF_8));
                                    sink.close();
                                })))
                        .streaming()),
                routes -> routes.add(
                        Route.get("/open", request -> CompletableFuture.completedFuture(Response.noContent()))
                                .open()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issuer(ISSUER)
                .audience("forebay")
                .expirationTime(Date.from(NOW.plusSeconds(300)));
    }

    private static String token(JWSAlgorithm algorithm, @Nullable String keyId, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT jwt =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String rsaToken(JWTClaimsSet claims) throws JOSEException {
        return token(JWSAlgorithm.RS256, "r", new RSASSASigner(rsa), claims);
    }

    private static String edToken(JWTClaimsSet claims) throws GeneralSecurityException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("d").build();
        String input = header.toBase64URL() + "." + Base64URL.encode(claims.toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(ed.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64URL.encode(signature.sign());
    }

    private static HttpResponse<String> ask(String token) throws IOException, InterruptedException {
        return server.send(server.request("/who").header("Authorization", "Bearer " + token));
    }

    @Test
    void a_token_signed_with_rsa_tells_who_asks() throws Exception {
        assertThat(ask(rsaToken(claims().build())).body()).isEqualTo("\"alice\"");
    }

    @Test
    void a_token_signed_with_pss_tells_who_asks() throws Exception {
        assertThat(ask(token(JWSAlgorithm.PS256, "r", new RSASSASigner(rsa), claims().build()))
                        .body())
                .isEqualTo("\"alice\"");
    }

    @Test
    void a_token_signed_with_ecdsa_tells_who_asks() throws Exception {
        assertThat(ask(token(JWSAlgorithm.ES256, "e", new ECDSASigner(ec), claims().build()))
                        .body())
                .isEqualTo("\"alice\"");
    }

    @Test
    void a_token_signed_with_ed25519_tells_who_asks() throws Exception {
        assertThat(ask(edToken(claims().build())).body()).isEqualTo("\"alice\"");
    }

    @Test
    void without_a_token_nothing_is_answered() throws Exception {
        HttpResponse<String> answer = server.get("/who");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.body()).contains("\"code\":\"unauthenticated\"");
    }

    @Test
    void what_is_public_is_answered_without_a_token() throws Exception {
        assertThat(server.get("/open").statusCode()).isEqualTo(204);
    }

    @Test
    void an_expired_token_is_refused() throws Exception {
        assertThat(ask(rsaToken(claims().expirationTime(Date.from(NOW.minusSeconds(31)))
                                .build()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_clocks_may_differ_a_little() throws Exception {
        assertThat(ask(rsaToken(claims().expirationTime(Date.from(NOW.minusSeconds(20)))
                                .build()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_token_without_an_end_is_refused() throws Exception {
        assertThat(ask(rsaToken(claims().expirationTime(null).build())).statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_token_of_another_issuer_is_refused() throws Exception {
        assertThat(ask(rsaToken(claims().issuer("https://other.example").build()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_token_for_another_audience_is_refused() throws Exception {
        assertThat(ask(rsaToken(claims().audience("other").build())).statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_token_of_another_key_is_refused() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("r").generate();

        assertThat(ask(token(JWSAlgorithm.RS256, "r", new RSASSASigner(other), claims().build()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_token_signed_with_the_public_key_as_a_secret_is_refused() throws Exception {
        MACSigner signer = new MACSigner(rsa.toRSAPublicKey().getEncoded());

        assertThat(ask(token(JWSAlgorithm.HS256, "r", signer, claims().build())).statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_token_without_a_signature_is_refused() throws Exception {
        String none = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII))
                + "." + Base64URL.encode(claims().build().toString()) + ".";

        assertThat(ask(none).statusCode()).isEqualTo(401);
    }

    @Test
    void a_ticket_opens_a_stream_as_its_token_would() throws Exception {
        String ticket = ticket(server);

        HttpResponse<String> stream =
                server.send(server.request("/stream?ticket=" + ticket).header("Accept", "text/event-stream"));

        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(stream.body()).endsWith("id: 1\nevent: who\ndata: alice\n\n");
    }

    @Test
    void a_ticket_opens_nothing_but_streams() throws Exception {
        String ticket = ticket(server);

        assertThat(server.get("/stream?ticket=" + ticket).statusCode()).isEqualTo(401);
        assertThat(server.get("/who?ticket=" + ticket).statusCode()).isEqualTo(401);
    }

    @Test
    void a_ticket_ends() {
        StreamTickets tickets = new StreamTickets(null, Duration.ofSeconds(60), CLOCK::get);
        String ticket = tickets.issue(Claims.ANONYMOUS).value();
        StreamTickets later = new StreamTickets("secret", Duration.ofSeconds(60), () -> NOW.plusSeconds(60));
        StreamTickets now = new StreamTickets("secret", Duration.ofSeconds(60), () -> NOW);

        assertThatThrownBy(() -> later.verify(now.issue(Claims.ANONYMOUS).value()))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> now.verify(ticket)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> tickets.verify(ticket.substring(1))).isInstanceOf(ProblemException.class);
    }

    @Test
    void a_ticket_of_one_instance_is_taken_by_another_that_shares_the_secret() {
        StreamTickets one = new StreamTickets("secret", Duration.ofSeconds(60), CLOCK::get);
        StreamTickets other = new StreamTickets("secret", Duration.ofSeconds(60), CLOCK::get);
        Claims alice = new Claims(Map.of("sub", "alice"));

        assertThat(other.verify(one.issue(alice).value())).isEqualTo(alice);
    }

    private static String ticket(TestServer server) throws Exception {
        HttpResponse<String> answer = server.send(server.request("/v1/stream-tickets")
                .header("Authorization", "Bearer " + rsaToken(claims().build()))
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(201);
        return answer.body().replaceAll(".*\"ticket\":\"([^\"]+)\".*", "$1");
    }

    @Test
    void keys_are_fetched_from_the_issuer() throws Exception {
        byte[] keySet = new JWKSet(rsa.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        try (TestServer issuer = TestServer.start(routes ->
                routes.add(Route.get("/jwks", request -> CompletableFuture.completedFuture(Response.json(keySet)))))) {
            Authenticator authenticator =
                    JwtAuthenticator.create(fetching(issuer.uri("/jwks")), CLOCK::get, Runnable::run);

            assertThat(authenticator
                            .authenticate(rsaToken(claims().build()))
                            .toCompletableFuture()
                            .join()
                            .subject())
                    .isEqualTo("alice");
        }
    }

    @Test
    void an_issuer_that_is_away_is_no_fault_of_the_token() throws Exception {
        Authenticator authenticator =
                JwtAuthenticator.create(fetching(URI.create("http://127.0.0.1:1/jwks")), CLOCK::get, Runnable::run);
        CompletableFuture<Claims> asked =
                authenticator.authenticate(rsaToken(claims().build())).toCompletableFuture();

        assertThatThrownBy(asked::join)
                .hasCauseInstanceOf(ProblemException.class)
                .hasMessageContaining("identity_unavailable");
    }

    private static AuthConfig fetching(URI keySet) {
        return new AuthConfig(
                keySet,
                null,
                ISSUER,
                Set.of("forebay"),
                AuthConfig.ALGORITHMS,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }

    @Test
    void keys_are_read_from_pem_too() throws Exception {
        Path pem = directory.resolve("key.pem");
        Files.writeString(
                pem,
                pem(rsa.toRSAPublicKey().getEncoded())
                        + pem(ec.toECPublicKey().getEncoded())
                        + pem(ed.getPublic().getEncoded()));

        assertThat(KeyFile.read(pem).getKeys()).hasSize(3);
    }

    @Test
    void a_file_without_keys_is_refused() throws Exception {
        Path empty = directory.resolve("empty.pem");
        Files.writeString(empty, "hello");

        assertThatThrownBy(() -> KeyFile.read(empty)).isInstanceOf(IOException.class);
    }

    private static String pem(byte[] encoded) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
