/** Tests of what is said to whoever types a command. */
@NullMarked
package io.forebay.remote;

import org.jspecify.annotations.NullMarked;
