/** Tests of the data directory and of ports. */
@NullMarked
package io.forebay.deploy;

import org.jspecify.annotations.NullMarked;
