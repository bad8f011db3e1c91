/**
 * Records of several tables as somebody sees them: a record with what is loaded below it. Owns the model of tables and
 * associations, values, and the function that applies a change to a value; knows nothing of Kafka, stores or HTTP, so that a
 * client can use it as the server does.
 */
@NullMarked
package io.forebay.records;

import org.jspecify.annotations.NullMarked;
