/** Questions to a partition of definitions. */
@NullMarked
package io.forebay.sync.definition.query;

import org.jspecify.annotations.NullMarked;
