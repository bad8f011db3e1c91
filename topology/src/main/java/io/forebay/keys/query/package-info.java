/** What can be asked of keys: one, several, those that a match meets, how many. Evaluated inside the store. */
@NullMarked
package io.forebay.keys.query;

import org.jspecify.annotations.NullMarked;
