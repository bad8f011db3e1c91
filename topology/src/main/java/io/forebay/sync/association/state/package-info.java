/**
 * What a partition of places keeps: copies of rows at the places of their values and of the records themselves, the interests at
 * each place, the changes that wait until it is known whom they concern, and how much is known of transactions. Hides its keys, and
 * when copies of truncated tables go.
 */
@NullMarked
package io.forebay.sync.association.state;

import org.jspecify.annotations.NullMarked;
