/** Tests of what holds for every load. */
@NullMarked
package io.forebay.cache.loader;

import org.jspecify.annotations.NullMarked;
