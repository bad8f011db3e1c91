/** The whole of record sync over many partitions against what a fresh read answers. */
@NullMarked
package io.forebay.sync.oracle;

import org.jspecify.annotations.NullMarked;
