/**
 * The model as the log has it: what instances declare when they start, and what each partition that decides by it knows. Owns how it
 * is told to partitions and how an instance learns that its own file says something else. Hides how a known model is stored.
 */
@NullMarked
package io.forebay.sync.model;

import org.jspecify.annotations.NullMarked;
