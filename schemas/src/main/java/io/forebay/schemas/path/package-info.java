/**
 * The one notation for keys: paths, matches over paths, and snowflake ids. Owns the canonical form, its order and its
 * JSON form. Hides percent-encoding: callers see parts.
 */
@NullMarked
package io.forebay.schemas.path;

import org.jspecify.annotations.NullMarked;
