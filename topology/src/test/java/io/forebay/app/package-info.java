/** Tests of the composition: configuration as a whole, and the topologies as they are wired. */
@NullMarked
package io.forebay.app;

import org.jspecify.annotations.NullMarked;
