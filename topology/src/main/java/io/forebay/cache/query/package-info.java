/** What can be asked of caches. Evaluated inside the store of keys. */
@NullMarked
package io.forebay.cache.query;

import org.jspecify.annotations.NullMarked;
