package io.forebay.sync.change.query;

import java.util.List;

/**
 * What is known of records.
 *
 * @param found in the order of the question; fewer than were asked for where they are many bytes
 */
public record RowsFound(List<RowFound> found) {}
