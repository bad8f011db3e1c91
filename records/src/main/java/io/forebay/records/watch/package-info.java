/**
 * Who hears of a change: watchers, which name what changes of a table are of interest and what is told of them, how they are
 * derived from associations, by which identifiers one subscribes to them, and which identifiers a change touches. Owns the form
 * in which watchers are written and their errors; hides the indexes by which a change finds them. Knows no subscriber.
 */
@NullMarked
package io.forebay.records.watch;

import org.jspecify.annotations.NullMarked;
