/**
 * The seal of events: a key for each stream, what is sealed with it, and what an event is to a reader, in clear or erased.
 * Hides the cipher.
 */
@NullMarked
package io.forebay.events.seal;

import org.jspecify.annotations.NullMarked;
