/**
 * The first stage of record sync: takes row changes as they come in, in any order of their tables, tells those that are late or
 * repeated, completes the rows, and sends each change to the places that it concerns. Hides how.
 */
@NullMarked
package io.forebay.sync.change;

import org.jspecify.annotations.NullMarked;
