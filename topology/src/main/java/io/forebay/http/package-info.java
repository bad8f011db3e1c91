/**
 * The HTTP side of an instance: the server, its routes, identity, problem documents and event streams. It knows no
 * feature; a feature hands in {@link io.forebay.http.Resource}s. What is hidden here is the HTTP library, how requests
 * are limited and checked before a handler sees them, and how an answer reaches the wire.
 */
@NullMarked
package io.forebay.http;

import org.jspecify.annotations.NullMarked;
