/** Record sync on real brokers, by topic and over HTTP. */
@NullMarked
package io.forebay.it.sync;

import org.jspecify.annotations.NullMarked;
