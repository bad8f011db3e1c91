package io.forebay.http;

/** A group of routes that belong together. */
@FunctionalInterface
public interface Resource {
    /** Adds the routes; called once, before the server listens. */
    void register(Routes routes);
}
