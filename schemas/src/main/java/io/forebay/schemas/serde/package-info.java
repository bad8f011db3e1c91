/**
 * Avro values in Confluent's wire format. Owns how failures to read are told apart, so that a caller knows what to wait for
 * and what to set aside. Hides the registry client.
 */
@NullMarked
package io.forebay.schemas.serde;

import org.jspecify.annotations.NullMarked;
