/**
 * What the stages of record sync share: the places that changes are routed by, where a change stands in the log of its source,
 * and which rows a truncation took. Hides how the latter two are written into stores.
 */
@NullMarked
package io.forebay.sync.row;

import org.jspecify.annotations.NullMarked;
