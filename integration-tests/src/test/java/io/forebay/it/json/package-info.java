/**
 * JSON as the tests compare it: by value, without loss of digits, with every difference named by its pointer.
 */
@NullMarked
package io.forebay.it.json;

import org.jspecify.annotations.NullMarked;
