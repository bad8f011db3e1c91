/** Tests of the calls of keys. */
@NullMarked
package io.forebay.keys.http;

import org.jspecify.annotations.NullMarked;
