/** Tests of the calls of events on a server with no cluster behind it. */
@NullMarked
package io.forebay.events.http;

import org.jspecify.annotations.NullMarked;
