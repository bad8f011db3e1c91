/**
 * What a partition of row changes keeps: each record's row, or that it was deleted; truncations of tables; which change had
 * which id; and how many changes went to each partition of places. Hides its keys and when something of it may go.
 */
@NullMarked
package io.forebay.sync.change.state;

import org.jspecify.annotations.NullMarked;
