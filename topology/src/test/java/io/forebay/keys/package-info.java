/** Tests of the keys capability: its topology under a test driver, with the production query types. */
@NullMarked
package io.forebay.keys;

import org.jspecify.annotations.NullMarked;
