/**
 * Forebay as tests run it: composed in this JVM on a cluster of the provider, or as the real distribution in a process that may be killed.
 */
@NullMarked
package io.forebay.it.stack;

import org.jspecify.annotations.NullMarked;
