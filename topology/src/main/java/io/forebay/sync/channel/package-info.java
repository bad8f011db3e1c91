/**
 * The ways between the partitions of the stages of record sync: the numbers under which records go on them, how far they have
 * arrived, and work that a partition has put off. Hides how that is kept in the store of a stage.
 */
@NullMarked
package io.forebay.sync.channel;

import org.jspecify.annotations.NullMarked;
