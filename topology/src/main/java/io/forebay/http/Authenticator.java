package io.forebay.http;

import java.util.concurrent.CompletionStage;

/** Tells who a bearer token speaks for. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Verifies a token.
     *
     * @return the claims; fails with a {@link ProblemException} of 401 {@code unauthenticated} where the token does not
     *     hold, of 503 {@code identity_unavailable} where that cannot be found out now
     */
    CompletionStage<Claims> authenticate(String token);
}
