/** Watchers against the acceptance vectors, against what one would find by looking at everything, and their errors. */
@NullMarked
package io.forebay.records.watch;

import org.jspecify.annotations.NullMarked;
