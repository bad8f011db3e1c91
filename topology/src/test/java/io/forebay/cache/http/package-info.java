/** Tests of the calls of caches, on a real server. */
@NullMarked
package io.forebay.cache.http;

import org.jspecify.annotations.NullMarked;
