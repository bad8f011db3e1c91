/** Tests against real brokers. Owns what it takes to start and stop them. */
@NullMarked
package io.forebay.it;

import org.jspecify.annotations.NullMarked;
