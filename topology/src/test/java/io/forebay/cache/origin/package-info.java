/** Tests of the origins that caches load from, with a real server as the origin. */
@NullMarked
package io.forebay.cache.origin;

import org.jspecify.annotations.NullMarked;
