/** The catalogue against a real cluster. */
@NullMarked
package io.forebay.it.topic;

import org.jspecify.annotations.NullMarked;
