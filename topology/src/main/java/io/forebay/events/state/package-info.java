/**
 * The log of events as a store keeps it: records in the form that consumers read, and beside them, derived from each, what
 * finds them: by every combination of type, domain and instance, by time, by id; and the form of the keys that seal events.
 */
@NullMarked
package io.forebay.events.state;

import org.jspecify.annotations.NullMarked;
