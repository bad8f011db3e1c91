/**
 * A change applied to a value: what somebody sees becomes what a fresh load would show. Owns that function, the reader of rows that
 * it asks, fresh loads, and the memory of what has been seen. Pure: nothing here waits, keeps a clock or knows where rows come from.
 */
@NullMarked
package io.forebay.records.sync;

import org.jspecify.annotations.NullMarked;
