/**
 * Keys over HTTP: addresses, bodies and parameters in, commands and queries out, lists over all partitions, and streams of
 * what a match meets. What is hidden here is how a batch is split by partition, how a value of any kind becomes JSON, and
 * what a cursor holds.
 */
@NullMarked
package io.forebay.keys.http;

import org.jspecify.annotations.NullMarked;
