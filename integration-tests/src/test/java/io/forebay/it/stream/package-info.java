/** Streams on a real broker: tails, catching up, retention, aborted transactions. */
@NullMarked
package io.forebay.it.stream;

import org.jspecify.annotations.NullMarked;
