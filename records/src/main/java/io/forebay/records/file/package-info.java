/**
 * Files that people write, in YAML or JSON, and what is wrong with them. Owns how such a file becomes JSON, and the reading of its
 * members that notes every problem with its place. Hides YAML.
 */
@NullMarked
package io.forebay.records.file;

import org.jspecify.annotations.NullMarked;
