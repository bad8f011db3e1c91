package io.forebay.events.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Key records, in the order in which they were asked for.
 *
 * @param found one for each stream
 */
public record InstanceKeysFound(List<Found> found) {

    /**
     * The key record of one stream.
     *
     * @param record as its topic has it; null where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way to who asked; nothing compares it
    public record Found(byte @Nullable [] record) {}
}
