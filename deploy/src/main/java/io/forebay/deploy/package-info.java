/** How Forebay runs: the launcher and the one-command mode. Hides the embedded Kafka behind one adapter. */
@NullMarked
package io.forebay.deploy;

import org.jspecify.annotations.NullMarked;
