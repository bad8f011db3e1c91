/**
 * Erasure from outside a running instance, of keys and of the events of an instance: it is done by command, then the broker
 * is made to compact the changelog with what was erased, and it is told of each topic what remains until when. Hides how
 * outcomes are read off a changelog and how topic settings are lowered and put back.
 */
@NullMarked
package io.forebay.erasure;

import org.jspecify.annotations.NullMarked;
