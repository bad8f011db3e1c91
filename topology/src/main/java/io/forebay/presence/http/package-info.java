/**
 * Presences over HTTP: bodies and parameters in, commands and queries out, and the stream of a guild. What is hidden here
 * is how a bulk is split into records.
 */
@NullMarked
package io.forebay.presence.http;

import org.jspecify.annotations.NullMarked;
