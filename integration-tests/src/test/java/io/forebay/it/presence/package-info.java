/**
 * Presences proved on a running system: real payloads to the letter, random operations against a model, faults, several instances, poison, size, streams. Owns the model and the ways to ask: by call and by topic.
 */
@NullMarked
package io.forebay.it.presence;

import org.jspecify.annotations.NullMarked;
