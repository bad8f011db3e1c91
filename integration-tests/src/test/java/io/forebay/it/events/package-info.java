/** Events on a real broker: what is appended over HTTP and by topic, read, streamed, and read from the log by anybody. */
@NullMarked
package io.forebay.it.events;

import org.jspecify.annotations.NullMarked;
