/**
 * How keys lie in the store: their bytes in path order, the stored form, the index of what falls due, the scan that seeks
 * past what a match cannot meet, and deletions that are visible before they are carried out.
 */
@NullMarked
package io.forebay.keys.state;

import org.jspecify.annotations.NullMarked;
