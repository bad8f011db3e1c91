/** Tests of the stage of definitions. */
@NullMarked
package io.forebay.sync.definition;

import org.jspecify.annotations.NullMarked;
