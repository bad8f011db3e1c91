/**
 * Where caches that load by themselves get their values: an HTTP origin for each. What is hidden here is how a load is kept
 * within its time, its size and the number of loads under way.
 */
@NullMarked
package io.forebay.cache.origin;

import org.jspecify.annotations.NullMarked;
