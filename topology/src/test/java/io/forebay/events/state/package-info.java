/** Tests of the log of events as a store keeps it. */
@NullMarked
package io.forebay.events.state;

import org.jspecify.annotations.NullMarked;
