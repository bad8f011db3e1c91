/**
 * The topics as typed values in one immutable catalogue, with what a cluster must agree to for each. Owns names,
 * partitioning, headers and reserved keys. Hides the comparison with a cluster's descriptions.
 */
@NullMarked
package io.forebay.schemas.topic;

import org.jspecify.annotations.NullMarked;
