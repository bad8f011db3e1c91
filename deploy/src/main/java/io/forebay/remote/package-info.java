/**
 * A Forebay that runs elsewhere, asked over HTTP by a program of the command line: its address, the caller's identity, what it
 * answers and what it refuses. Hides how often a request is repeated while there is no answer.
 */
@NullMarked
package io.forebay.remote;

import org.jspecify.annotations.NullMarked;
