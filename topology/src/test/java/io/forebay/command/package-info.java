/** A deciding flow under a test driver, whatever its capability, with a clock that the test owns. */
@NullMarked
package io.forebay.command;

import org.jspecify.annotations.NullMarked;
