/**
 * Caches and the tables they depend on: which entries a committed row change makes outdated, and the way of that from the
 * topic of row changes to the topic that decides about entries. Hides how much is invalidated where a row tells too little.
 */
@NullMarked
package io.forebay.cache.change;

import org.jspecify.annotations.NullMarked;
