/**
 * The calls of events: append, erase, read by what events are and by the versions of a stream, and the streams that go on where a
 * read ends.
 */
@NullMarked
package io.forebay.events.http;

import org.jspecify.annotations.NullMarked;
