/** Tests of the presence capability: its topology under a test driver, with the production query types. */
@NullMarked
package io.forebay.presence;

import org.jspecify.annotations.NullMarked;
