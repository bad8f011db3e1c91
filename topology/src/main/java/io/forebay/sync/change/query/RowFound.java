package io.forebay.sync.change.query;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a record.
 *
 * @param ref of its last change; -1 where nothing is known of it
 * @param row the text of its row in UTF-8; null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // carried to the response
public record RowFound(long ref, byte @Nullable [] row) {}
