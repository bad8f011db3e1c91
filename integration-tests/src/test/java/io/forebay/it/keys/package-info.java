/** Keys on a real broker: by call and by topic, over restarts, several instances and deaths. */
@NullMarked
package io.forebay.it.keys;

import org.jspecify.annotations.NullMarked;
