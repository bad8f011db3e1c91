/**
 * What a partition of row changes keeps: each record's row, or that it was deleted; truncations of tables; and which change had
 * which id. Hides its keys and when something of it may go.
 */
@NullMarked
package io.forebay.sync.change.state;

import org.jspecify.annotations.NullMarked;
