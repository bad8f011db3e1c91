/**
 * Events: appended to streams under conditions, recorded for ever in order, read by anything they are. What is decided here is
 * which appends are carried out, and what is recorded of them; the record is the log, whose changelog consumers read. Hides
 * how versions and numbers are given out and how a repeated append is recognised.
 */
@NullMarked
package io.forebay.events;

import org.jspecify.annotations.NullMarked;
