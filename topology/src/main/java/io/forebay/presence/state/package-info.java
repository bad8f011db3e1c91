/**
 * How presences lie in the store: keys, the stored form, indexes and counters, and the bulk writes of a guild that are
 * visible before they are folded into it.
 */
@NullMarked
package io.forebay.presence.state;

import org.jspecify.annotations.NullMarked;
