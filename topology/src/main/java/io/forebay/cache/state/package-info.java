/**
 * How loads under way lie in the store beside the entries, which are keys: leases, and the invalidations that a load which
 * began before them has to be told of.
 */
@NullMarked
package io.forebay.cache.state;

import org.jspecify.annotations.NullMarked;
