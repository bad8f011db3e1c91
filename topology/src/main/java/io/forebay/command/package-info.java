/**
 * Commands and their outcomes: the single writer that decides every record of an input topic in log order, the outcomes
 * it keeps for retries, and the sending side that produces a command and waits for its outcome. Hides positions, dead
 * letters, waiting for the schema registry and repeated requests from the features, which see one decoded command at a
 * time.
 */
@NullMarked
package io.forebay.command;

import org.jspecify.annotations.NullMarked;
