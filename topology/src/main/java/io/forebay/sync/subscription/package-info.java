/**
 * The third stage of record sync: what each subscriber has subscribed to, what he follows because of it, and what he is told. Owns what is
 * followed from which rows, when it ends, and that nothing is told twice; hides how it is kept.
 */
@NullMarked
package io.forebay.sync.subscription;

import org.jspecify.annotations.NullMarked;
