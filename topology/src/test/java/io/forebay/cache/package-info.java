/** Tests of caches: the decider of the production topology, with a moved clock. */
@NullMarked
package io.forebay.cache;

import org.jspecify.annotations.NullMarked;
