/** Tests of the stage of places. */
@NullMarked
package io.forebay.sync.association;

import org.jspecify.annotations.NullMarked;
