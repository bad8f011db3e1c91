/** Benchmarks: what parts cost beside what they replace, and what the whole carries. They run on demand and decide nothing. */
@NullMarked
package io.forebay.it.bench;

import org.jspecify.annotations.NullMarked;
