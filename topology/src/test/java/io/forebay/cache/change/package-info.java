/** Tests of how caches depend on tables. */
@NullMarked
package io.forebay.cache.change;

import org.jspecify.annotations.NullMarked;
