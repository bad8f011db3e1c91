/**
 * Keys: values under namespaced paths that expire, from the topic of commands through the decider to its store and sync
 * topic. Hides in which order commands, expiry and deletions by match take effect.
 */
@NullMarked
package io.forebay.keys;

import org.jspecify.annotations.NullMarked;
