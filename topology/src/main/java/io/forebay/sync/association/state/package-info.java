/**
 * What a partition of places keeps: copies of rows at the places of their values, and up to where it was told of them. Hides its
 * keys and when copies of truncated tables go.
 */
@NullMarked
package io.forebay.sync.association.state;

import org.jspecify.annotations.NullMarked;
