/** Tests of what an erasure reports. */
@NullMarked
package io.forebay.erasure;

import org.jspecify.annotations.NullMarked;
