package io.forebay.http;

/** Takes the routes of a server. */
@FunctionalInterface
public interface Routes {
    /**
     * Adds a route.
     *
     * @throws IllegalArgumentException if another route has the same method and template
     */
    void add(Route route);
}
