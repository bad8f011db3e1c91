/** Caches on a real broker: one load however many ask, on whichever instance. */
@NullMarked
package io.forebay.it.cache;

import org.jspecify.annotations.NullMarked;
