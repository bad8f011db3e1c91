/** Questions to a partition of rows. */
@NullMarked
package io.forebay.sync.change.query;

import org.jspecify.annotations.NullMarked;
