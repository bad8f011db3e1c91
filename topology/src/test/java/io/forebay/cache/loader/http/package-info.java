/** Tests of loading over HTTP, with a real server as the origin. */
@NullMarked
package io.forebay.cache.loader.http;

import org.jspecify.annotations.NullMarked;
