/**
 * Events on their way out of a Forebay into a file, one JSON object a line, and out of a file into a Forebay. Hides how either goes on
 * where it was cut off: what is kept beside the file, and how events that are recorded already are told from new ones.
 */
@NullMarked
package io.forebay.transfer;

import org.jspecify.annotations.NullMarked;
