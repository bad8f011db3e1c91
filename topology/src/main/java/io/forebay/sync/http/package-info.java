/** The calls of record sync: row changes in, records out. Hides how what concerns several partitions is put together. */
@NullMarked
package io.forebay.sync.http;

import org.jspecify.annotations.NullMarked;
