/**
 * Caches over HTTP: an entry, or the lease to fill it, or a wait for whoever has it. What is hidden here is how a call waits
 * for another caller's load on whichever instance that is, and how often a read is worth a record.
 */
@NullMarked
package io.forebay.cache.http;

import org.jspecify.annotations.NullMarked;
