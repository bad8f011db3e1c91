package io.forebay.records.watch;

/**
 * What one subscribes to: some rows' changes that a watcher names. Identifiers come from {@link Watchers}, so there is such a
 * watcher and it can be subscribed to so.
 */
public record Identifier(WatcherName watcher, Scope scope) {}
