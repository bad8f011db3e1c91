package io.forebay.sync.association.query;

import java.util.List;
import java.util.Map;

/**
 * The rows at places.
 *
 * @param indexing whether rows are still on their way to one of the places, as a model was declared; there is nothing else then
 * @param behind whether what was asked for has not arrived yet; there is nothing else then
 * @param complete whether these are all; otherwise there are more than was asked for
 * @param places the rows at each place, the texts of their JSON objects in UTF-8, in the order of the question
 * @param refs ref of the last change that arrived from each partition of row changes
 */
public record CopiesFound(
        boolean indexing, boolean behind, boolean complete, List<List<byte[]>> places, Map<Integer, Long> refs) {}
