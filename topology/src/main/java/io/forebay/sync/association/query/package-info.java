/** Questions to a partition of places. */
@NullMarked
package io.forebay.sync.association.query;

import org.jspecify.annotations.NullMarked;
