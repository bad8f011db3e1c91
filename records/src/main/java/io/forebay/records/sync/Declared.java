package io.forebay.records.sync;

import io.forebay.records.model.Conditions;
import io.forebay.records.model.Ordering;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Shape;

/**
 * What a value is meant to be, for whoever knows it: then it is kept equal to that, where otherwise an empty list or nothing at all does
 * not tell what belongs in it.
 */
public sealed interface Declared {

    /** What is loaded below its records. */
    Shape shape();

    /** One record, or nothing while there is none. */
    record One(RecordId record, Shape shape) implements Declared {}

    /** A list of the records of a table for which the conditions hold, in the order. */
    record Many(String table, Conditions where, Ordering order, Shape shape) implements Declared {}
}
