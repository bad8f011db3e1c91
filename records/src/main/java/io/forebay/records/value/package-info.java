/**
 * What somebody sees of a model's tables: rows, records by which rows are known, values of records with what is loaded below
 * them, and the shapes that say what that is. Owns their JSON form. Hides nothing; everything here is immutable.
 */
@NullMarked
package io.forebay.records.value;

import org.jspecify.annotations.NullMarked;
