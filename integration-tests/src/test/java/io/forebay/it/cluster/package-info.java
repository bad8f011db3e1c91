/**
 * The one place tests get their Kafka from. Owns which kind of broker answers (in this JVM, in another process, in a container) and hides it: a test sees bootstrap servers and a prefix of its own.
 */
@NullMarked
package io.forebay.it.cluster;

import org.jspecify.annotations.NullMarked;
