package io.forebay.sync.http;

import io.forebay.http.Claims;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.sync.identifier.IdentifierPath;
import org.jspecify.annotations.Nullable;

/**
 * Names of subscribers, and who may use them. What a subscriber is told was decided by the claims of who subscribed, so nobody else may be told
 * it: by a claim of his token somebody has the name that is its value, and all names that begin with that and a slash.
 */
final class SubscriberNames {

    private static final String SEPARATOR = "/";

    private final String claim;

    /**
     * @param claim its name; empty: any name is everybody's
     */
    SubscriberNames(String claim) {
        this.claim = claim;
    }

    /** Who subscribes or is told, as the path of a call tells. */
    String of(Request request) {
        String subscriber = request.pathParameter("subscriber");
        if (subscriber.length() > IdentifierPath.LONGEST_SUBSCRIBER) {
            throw Problem.invalid("subscriber", "has at most " + IdentifierPath.LONGEST_SUBSCRIBER + " characters")
                    .exception();
        }
        if (IdentifierPath.isOfStream(subscriber)) {
            throw Problem.invalid("subscriber", "is none of the names of streams")
                    .exception();
        }
        return own(request.claims(), subscriber);
    }

    /**
     * A name that is used for what is told to its subscriber.
     *
     * @throws io.forebay.http.ProblemException where it is not that of who asks
     */
    String own(Claims claims, String subscriber) {
        boolean isAsked = !claim.isEmpty() && !claims.values().isEmpty();
        if (isAsked && !isOwn(claims.values().get(claim), subscriber)) {
            throw Problem.of(
                            403,
                            "forbidden",
                            "The subscriber is somebody else",
                            "the name is the claim " + claim + " of the token, or begins with it and a slash")
                    .exception();
        }
        return subscriber;
    }

    /** A value with a slash in it would be the beginning of somebody else's names. */
    private static boolean isOwn(@Nullable Object value, String subscriber) {
        return value instanceof String name
                && !name.isEmpty()
                && !name.contains(SEPARATOR)
                && (subscriber.equals(name) || subscriber.startsWith(name + SEPARATOR));
    }
}
