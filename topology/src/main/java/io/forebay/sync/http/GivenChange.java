package io.forebay.sync.http;

import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * A change that a call gives.
 *
 * @param record what it is about; null of a truncation
 * @param change as it goes to the topic
 * @param former the record whose key it had before, where the change gives it another one; else null
 */
record GivenChange(
        @Nullable Path record, RowChange change, @Nullable Path former) {}
