/**
 * What subscribers want: takes their commands, checks them against the model, the watchers that are defined and what a command may
 * hold, and passes them on to the partition of the subscriber. Owns the definition of watchers and the rules of commands. Hides how
 * they get there; what a subscriber has and is told is for the stage of subscribers.
 */
@NullMarked
package io.forebay.sync.definition;

import org.jspecify.annotations.NullMarked;
