/** Values that are kept up to date while a stream is open: told whole once, and by patches from then on. Hides what is kept of them in memory. */
@NullMarked
package io.forebay.sync.live;

import org.jspecify.annotations.NullMarked;
