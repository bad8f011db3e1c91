package io.forebay.http;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** What all requests of a server share. */
record ServerParts(
        HttpConfig config,
        RouteTable routes,
        Identity identity,
        Cors cors,
        HostRule hostRule,
        OpenStreams streams,
        Executor workers,
        AtomicLong buffered,
        RequestObserver observer) {}
