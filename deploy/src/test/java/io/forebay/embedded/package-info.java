/** Tests of the embedded broker: real starts and stops. */
@NullMarked
package io.forebay.embedded;

import org.jspecify.annotations.NullMarked;
