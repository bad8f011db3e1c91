/** Tests of the calls of record sync. */
@NullMarked
package io.forebay.sync.http;

import org.jspecify.annotations.NullMarked;
