/**
 * Which tables there are, what their rows are known by, and how they are associated. Owns the form of the model's file, its
 * checks, and the rules by which conditions hold and rows are ordered. Hides how the file is read; whoever has a model has one
 * that is right.
 */
@NullMarked
package io.forebay.records.model;

import org.jspecify.annotations.NullMarked;
