/**
 * Caches: what queries answered, kept under keys of reserved namespaces and filled once however many ask. Decides in front
 * of the decider of keys, in its store; hides how loads, invalidations and fills that cross each other are told apart.
 */
@NullMarked
package io.forebay.cache;

import org.jspecify.annotations.NullMarked;
