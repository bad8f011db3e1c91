/** Tests of the package of the same name. */
@NullMarked
package io.forebay.sync.change;

import org.jspecify.annotations.NullMarked;
