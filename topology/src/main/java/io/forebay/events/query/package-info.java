/** The questions about events that are evaluated in the store, and their answers. */
@NullMarked
package io.forebay.events.query;

import org.jspecify.annotations.NullMarked;
