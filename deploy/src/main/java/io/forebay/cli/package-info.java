/**
 * The command line: what can be typed, what is printed, how a process of Forebay starts, stops and tells why it did not.
 * Hides the order in which the parts of the one-command mode come up and go down.
 */
@NullMarked
package io.forebay.cli;

import org.jspecify.annotations.NullMarked;
