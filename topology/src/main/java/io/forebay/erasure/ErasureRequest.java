package io.forebay.erasure;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.time.Duration;
import java.util.List;

/**
 * What is to be erased, and how far to go.
 *
 * @param keys keys, each exactly, namespace included
 * @param matches matches, namespace included
 * @param compact whether the changelog is made to be compacted at once, for which its settings are lowered for a while
 * @param deleteRecords whether the records up to the deletion are deleted from the partitions concerned of the other topics,
 *     those of other keys included
 * @param patience how long at the most for the decision, and as long again for the compaction
 */
public record ErasureRequest(
        List<Path> keys, List<PathMatch> matches, boolean compact, boolean deleteRecords, Duration patience) {

    public ErasureRequest {
        keys = List.copyOf(keys);
        matches = List.copyOf(matches);
    }
}
