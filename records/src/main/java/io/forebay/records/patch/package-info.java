/** What makes one value of another, as JSON Patch. */
@NullMarked
package io.forebay.records.patch;

import org.jspecify.annotations.NullMarked;
