/**
 * Presences: who is online, by guild and user. Owns the flow from the presence topic to its sync topic and what one
 * command does to a presence; state, queries and HTTP calls live in the packages below.
 */
@NullMarked
package io.forebay.presence;

import org.jspecify.annotations.NullMarked;
