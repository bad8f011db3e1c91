/**
 * The stream hub: it tails sync topics once per instance, keeps a window of recent changes per partition, and feeds any number of readers with a
 * snapshot joined to the changes after it. Features hand in a codec, a pager and a selector and get the protocol (snapshot, caught-up, change,
 * must-refetch, disconnect, heartbeats, resuming) whole; the consumers, windows and threads behind it stay hidden here.
 */
@NullMarked
package io.forebay.stream;

import org.jspecify.annotations.NullMarked;
