/** Tests of the settings of record sync. */
@NullMarked
package io.forebay.sync;

import org.jspecify.annotations.NullMarked;
