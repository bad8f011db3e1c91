/** Tests of the events capability on its production topology. */
@NullMarked
package io.forebay.events;

import org.jspecify.annotations.NullMarked;
