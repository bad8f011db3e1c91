/** The program's entry: parses the command line, composes the application and starts it. */
@NullMarked
package io.forebay;

import org.jspecify.annotations.NullMarked;
