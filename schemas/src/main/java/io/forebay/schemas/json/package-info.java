/**
 * JSON objects kept to the letter: read once, checked wholly, cut into members without a tree. Owns the rules for what JSON
 * is accepted and when two values are the same. Hides the parser.
 */
@NullMarked
package io.forebay.schemas.json;

import org.jspecify.annotations.NullMarked;
