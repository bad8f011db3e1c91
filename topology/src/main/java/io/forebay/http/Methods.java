package io.forebay.http;

import java.util.Set;

/** The methods that routes have, and those that come with them. */
final class Methods {
    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private Methods() {}

    /** Whether it is one of these: others are the caller's words and name no meter. */
    static boolean isKnown(String method) {
        return KNOWN.contains(method);
    }
}
