/**
 * Identifiers of subscriptions as records carry them: their keys on the topic of subscriptions, and their form in a command. Hides
 * neither; what identifiers there are is for the library of watchers to say.
 */
@NullMarked
package io.forebay.sync.identifier;

import org.jspecify.annotations.NullMarked;
