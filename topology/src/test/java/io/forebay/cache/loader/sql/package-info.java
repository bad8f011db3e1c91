/** Tests of loading from databases, on one in memory. */
@NullMarked
package io.forebay.cache.loader.sql;

import org.jspecify.annotations.NullMarked;
