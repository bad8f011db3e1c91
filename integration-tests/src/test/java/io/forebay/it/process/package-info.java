/**
 * Child JVMs of the tests: started with the tests' class path or a distribution, watched by their output, killed by their process id, and never left behind.
 */
@NullMarked
package io.forebay.it.process;

import org.jspecify.annotations.NullMarked;
