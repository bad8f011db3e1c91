/**
 * Acceptance vectors: reads them from a folder, runs each against an empty system in process and over HTTP, and reports differences by pointer. Owns the mapping from operations to calls, one adapter per area; knows no vector by its id.
 */
@NullMarked
package io.forebay.it.vectors;

import org.jspecify.annotations.NullMarked;
