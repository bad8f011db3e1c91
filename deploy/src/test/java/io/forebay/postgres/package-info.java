/** What is drafted of a catalogue that is given; a real one is read by the integration tests. */
@NullMarked
package io.forebay.postgres;

import org.jspecify.annotations.NullMarked;
