/**
 * What the calls of every capability share: commands out and outcomes back, conditions and refusals, reads over partitions
 * with their positions, pages of many partitions as one, cursors, and the start of a stream. What is hidden here is how a
 * failure of the log or of an owner becomes an answer.
 */
@NullMarked
package io.forebay.http.calls;

import org.jspecify.annotations.NullMarked;
