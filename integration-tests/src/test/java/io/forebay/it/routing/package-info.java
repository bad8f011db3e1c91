/** Questions to stores that are spread over several instances, while partitions stay and while they move. */
@NullMarked
package io.forebay.it.routing;

import org.jspecify.annotations.NullMarked;
