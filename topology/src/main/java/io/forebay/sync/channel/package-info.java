/**
 * The ways between the partitions of two stages: what goes from one to another is numbered where it is sent. Owns the counts, hides
 * how they are kept; each stage has them in its own store.
 */
@NullMarked
package io.forebay.sync.channel;

import org.jspecify.annotations.NullMarked;
