/**
 * Positions in input topics: what a write answers and a read waits for. Owns the opaque token that travels over HTTP. Hides
 * its layout.
 */
@NullMarked
package io.forebay.schemas.position;

import org.jspecify.annotations.NullMarked;
