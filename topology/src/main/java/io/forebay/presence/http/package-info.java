/**
 * Presences over HTTP: bodies and parameters in, commands and queries out, and the stream of a guild. What is hidden here
 * is how a bulk is split into records, how pages of many partitions become one list, and what a cursor holds.
 */
@NullMarked
package io.forebay.presence.http;

import org.jspecify.annotations.NullMarked;
