/**
 * The second stage of record sync: keeps the rows that have a value of a column next to each other, so that what an association
 * leads to is read where the owner's key says, in one go; and finds whom a change concerns by the places that it meets. Hides how.
 */
@NullMarked
package io.forebay.sync.association;

import org.jspecify.annotations.NullMarked;
