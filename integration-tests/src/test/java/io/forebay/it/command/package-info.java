/** The sending side of commands on a real broker. */
@NullMarked
package io.forebay.it.command;

import org.jspecify.annotations.NullMarked;
