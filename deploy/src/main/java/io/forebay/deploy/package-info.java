/**
 * The ground that everything local stands on: the data directory with its lock and version, ports, and the one failure
 * whose message is meant for whoever started the program. Hides how a directory is held by one process at a time.
 */
@NullMarked
package io.forebay.deploy;

import org.jspecify.annotations.NullMarked;
