/**
 * Row changes as whoever reads their topic has to find them: what holds for every one, whatever the reader makes of it.
 */
@NullMarked
package io.forebay.change;

import org.jspecify.annotations.NullMarked;
