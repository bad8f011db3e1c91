/**
 * Loading from an HTTP origin: a GET by the entry's key. Hides how an answer is kept within its size, and the header by which
 * an origin tags it.
 */
@NullMarked
package io.forebay.cache.loader.http;

import org.jspecify.annotations.NullMarked;
