/**
 * What a producer or consumer of Forebay's topics needs: the topic catalogue, keys and serdes. Hides how records are laid
 * out as bytes.
 */
@NullMarked
package io.forebay.schemas;

import org.jspecify.annotations.NullMarked;
