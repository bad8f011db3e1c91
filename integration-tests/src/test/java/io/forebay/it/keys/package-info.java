/** Keys on a real broker. */
@NullMarked
package io.forebay.it.keys;

import org.jspecify.annotations.NullMarked;
