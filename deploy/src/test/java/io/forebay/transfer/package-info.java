/** Tests of what is said to whoever types a command. */
@NullMarked
package io.forebay.transfer;

import org.jspecify.annotations.NullMarked;
